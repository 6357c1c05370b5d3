// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.h"

#include <algorithm>
#include <array>

namespace postern::cli {
namespace {

constexpr std::string_view kBash =
    R"shell(# bash completion of postern; read it with: eval "$(postern completion bash)"

_postern()
{
    local rest=${COMP_LINE:0:COMP_POINT} words=() reply=() files=() trimmed word line i
    local shell=none offset=0 open='' postern cur path lead breaks cut=''

    # Bash parts words at ':', '=' and '@' too; what no space parts belongs together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${rest#"${rest%%[![:space:]]*}"}
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$trimmed
        if ((i > 0)) && [[ $trimmed == "$rest" ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        rest=${trimmed#"$word"}
    done
    cur=${words[${#words[@]} - 1]}
    postern=${words[0]/#\~\//$HOME/}
    type -P -- "$postern" >/dev/null || postern=postern

    while IFS= read -r line; do
        case $line in
            :*) line=${line#:} shell=${line% *} offset=${line##* } ;;
            +*) line=${line#+} reply+=("${line%%$'\t'*} ") ;;
            =*) line=${line#=} reply+=("${line%%$'\t'*}") open=1 ;;
        esac
    done < <("$postern" __complete --quoted "${words[@]:1}" 2>/dev/null)

    lead=${cur:0:offset}
    path=${cur:offset}
    [[ $offset == 0 ]] && path=${path#[\"\']}
    path=${path//\\/}
    case $shell in
        files) mapfile -t files < <(compgen -f -- "$path") ;;
        directories) mapfile -t files < <(compgen -d -- "$path") ;;
        programs) mapfile -t reply < <(compgen -c -- "$path") ;;
    esac
    if [[ ${#files[@]} -gt 0 && ${#reply[@]} == 0 && $lead != *@ ]]; then
        compopt -o filenames 2>/dev/null
        reply=("${files[@]/#/$lead}")
    else
        # Readline would quote the ':' and '@' of other candidates, and finds no folder behind '@'.
        for path in "${files[@]}"; do
            printf -v word %q "$path"
            if [[ -d $path ]]; then reply+=("$lead$word/") open=1; else reply+=("$lead$word "); fi
        done
        if [[ -n $open ]]; then compopt -o nospace 2>/dev/null; else reply=("${reply[@]% }"); fi
    fi

    # Readline replaces only what follows the last of its word breaks; a '@' it replaces too.
    breaks=${COMP_WORDBREAKS//[^:=@]/}
    [[ -n $breaks ]] && cut=${cur%"${cur##*["$breaks"]}"}
    cut=${cut%@}
    COMPREPLY=("${reply[@]#"$cut"}")
}

complete -o nosort -F _postern postern 2>/dev/null || complete -F _postern postern
)shell";

constexpr std::string_view kZsh = R"shell(#compdef postern
# zsh completion of postern; a file _postern in $fpath, or: source <(postern completion zsh)

_postern()
{
    local line value help shell=none
    local -a closed opened
    integer offset=0

    for line in ${(f)"$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"}; do
        case $line in
            (:*) shell=${${line#:}% *} offset=${line##* } ;;
            ([+=]*)
                value=${${line#?}%%$'\t'*}
                help=${line#*$'\t'}
                value=${value//:/\\:}
                [[ -n $help ]] && value+=:$help
                if [[ $line == '='* ]]; then opened+=($value); else closed+=($value); fi
                ;;
        esac
    done

    (( $#closed )) && _describe -V -t values value closed
    (( $#opened )) && _describe -V -t forms form opened -S ''
    (( offset )) && compset -p $offset
    case $shell in
        (files) _files ;;
        (directories) _files -/ ;;
        (programs) _command_names -e ;;
    esac
}

if [[ $funcstack[1] == _postern ]]; then
    _postern "$@"
else
    compdef _postern postern
fi
)shell";

constexpr std::string_view kFish =
    R"shell(# fish completion of postern; read it with: postern completion fish | source

function __postern_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l postern $words[1]
    set -e words[1]
    set -l rest none 0
    for line in ($postern __complete $words "$current" 2>/dev/null)
        if string match -q -- ':*' $line
            set rest (string split ' ' -- (string sub -s 2 -- $line))
        else
            string sub -s 2 -- $line
        end
    end
    set -l lead (string sub -l $rest[2] -- "$current")
    set -l path (string sub -s (math $rest[2] + 1) -- "$current")
    switch $rest[1]
        case files
            for file in (__fish_complete_path "$path")
                echo $lead$file
            end
        case directories
            for folder in (__fish_complete_directories "$path")
                echo $lead$folder
            end
        case programs
            __fish_complete_command
    end
end

complete -c postern -e
complete -c postern -f -k -a '(__postern_complete)'
)shell";

struct Script
{
    std::string_view shell, text;
};
constexpr std::array kScripts{Script{"bash", kBash}, Script{"zsh", kZsh}, Script{"fish", kFish}};

} // namespace

std::string_view completionScript(std::string_view shell) noexcept
{
    const auto *const script = std::ranges::find(kScripts, shell, &Script::shell);
    return script == kScripts.end() ? std::string_view() : script->text;
}

} // namespace postern::cli
