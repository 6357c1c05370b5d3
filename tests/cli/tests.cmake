# SPDX-License-Identifier: Apache-2.0
# Tests of the command line tool; most run the real binary.
function(postern_add_cli_test name)
    postern_add_test(cli/${name} LIBRARIES postern::cli Qt6::Network SOURCES cli/postern_process.cpp
                    cli/gateway_process.cpp ${ARGN})
    if(TARGET ${name})
        target_compile_definitions(${name} PRIVATE POSTERN_BINARY="$<TARGET_FILE:postern>")
        add_dependencies(${name} postern)
    endif()
endfunction()

postern_add_cli_test(tst_cli_arguments)
postern_add_cli_test(tst_token_cli)
postern_add_cli_test(tst_token_batch)
postern_add_cli_test(tst_help_examples)
postern_add_cli_test(tst_consumer_cli)
postern_add_cli_test(tst_explain_cli)
postern_add_cli_test(tst_gateway_run)
postern_add_cli_test(tst_exec)
postern_add_cli_test(tst_completion cli/bash_terminal.cpp)
postern_add_cli_test(tst_help)
postern_add_cli_test(tst_key_batch cli/batch_process.cpp)
postern_add_cli_test(tst_key_cli)
postern_add_cli_test(tst_workbench_cli)
