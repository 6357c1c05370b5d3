// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml.h"

#include "core/bytes/encoding.h"
#include "core/config/yaml_scalar.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <format>
#include <map>
#include <set>
#include <span>
#include <spanstream>

namespace postern {
namespace {

constexpr std::size_t kMaxText = 256U * 1024 * 1024;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxAliasNodes = 200'000;
constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

/// Carries an Error out of yaml-cpp's parser; never leaves this file.
struct Refusal : std::exception
{
    explicit Refusal(Error refusal) : error(std::move(refusal)) {}
    Error error;
};

TextPlace placeOf(const YAML::Mark &mark) noexcept
{
    return {static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
            static_cast<std::size_t>(std::max(mark.column, 0)) + 1};
}

struct Extent
{
    std::size_t nodes = 1;
    std::size_t depth = 1;
};

Extent measure(const YamlNode &node) noexcept
{
    Extent extent;
    const auto add = [&extent](const YamlNode &inner) {
        const Extent its = measure(inner);
        extent.nodes += its.nodes;
        extent.depth = std::max(extent.depth, its.depth + 1);
    };
    std::ranges::for_each(node.items, add);
    for (const YamlNode::Member &member : node.members)
        add(member.value);
    return extent;
}

class Builder final : public YAML::EventHandler
{
public:
    Builder(std::string_view file, const VariableLookup &variables)
        : m_file(file),
          m_variables(variables)
    {
    }

    YamlNode takeRoot() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        if (expectsName())
            refuse(mark, "null is no name; write it in quotes if it is meant");
        scalar(mark, "?", anchor, {});
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        scalar(mark, tag, anchor, value);
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        const auto known = m_anchors.find(anchor);
        if (known == m_anchors.end())
            refuse(mark, "the alias lies inside its own anchor");
        if (expectsName())
            refuse(mark, "a name must be written out");
        const auto &[node, extent] = known->second;
        m_aliasNodes += extent.nodes;
        if (m_aliasNodes > kMaxAliasNodes)
            refuse(mark, std::format("aliases expand to more than {} values", kMaxAliasNodes));
        if (m_frames.size() + extent.depth > kMaxDepth)
            refuse(mark, std::format("nested deeper than {} levels", kMaxDepth));
        add(mark, YamlNode(node), 0);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, YamlNode::Kind::Sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, YamlNode::Kind::Mapping);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame
    {
        YAML::Mark mark;
        YAML::anchor_t anchor = 0;
        YamlNode node;
        bool hasName = false;
        bool merging = false;
        std::string name;
        TextPlace namePlace;
        std::set<std::string, std::less<>> names;
        std::vector<YamlNode> merges;
    };

    [[noreturn]] void refuse(const YAML::Mark &mark, std::string detail) const
    {
        throw Refusal({Errc::Config, std::move(detail), formatPlace(m_file, placeOf(mark))});
    }

    [[nodiscard]] bool expectsName() const noexcept
    {
        return !m_frames.empty() && m_frames.back().node.kind == YamlNode::Kind::Mapping
            && !m_frames.back().hasName;
    }

    void checkTag(const YAML::Mark &mark, const std::string &tag) const
    {
        if (tag.size() > 1 && !tag.starts_with(kCoreTag))
            refuse(mark, std::format("unknown tag {}", tag));
    }

    void open(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
              YamlNode::Kind kind)
    {
        if (expectsName())
            refuse(mark, "a name must be a scalar; text with braces needs quotes");
        if (m_frames.size() >= kMaxDepth)
            refuse(mark, std::format("nested deeper than {} levels", kMaxDepth));
        checkTag(mark, tag);
        Frame frame;
        frame.mark = mark;
        frame.anchor = anchor;
        frame.node.kind = kind;
        frame.node.place = placeOf(mark);
        m_frames.push_back(std::move(frame));
    }

    void close()
    {
        Frame frame = std::move(m_frames.back());
        m_frames.pop_back();
        // YAML 1.1 merge: what is written here wins, then the first merged mapping.
        for (YamlNode &merged : frame.merges) {
            for (YamlNode::Member &member : merged.members) {
                if (frame.names.insert(member.name).second)
                    frame.node.members.push_back(std::move(member));
            }
        }
        add(frame.mark, std::move(frame.node), frame.anchor);
    }

    void scalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                const std::string &text)
    {
        if (!isUtf8(text))
            refuse(mark, "not valid UTF-8");
        checkTag(mark, tag);
        if (expectsName()) {
            name(mark, text, tag == "?");
            return;
        }
        Result<std::string> replaced = m_variables ? interpolate(text, m_variables) : text;
        if (!replaced)
            refuse(mark, replaced.error().detail);
        YamlNode node;
        node.place = placeOf(mark);
        if (tag == "!" || tag == std::string(kCoreTag) + "str") {
            node.scalar = Json(std::move(*replaced));
        } else {
            std::optional<Json> value = resolvePlainScalar(*replaced);
            if (!value)
                refuse(mark, "JSON has no such number");
            node.scalar = std::move(*value);
        }
        add(mark, std::move(node), anchor);
    }

    void name(const YAML::Mark &mark, const std::string &text, bool plain)
    {
        Frame &frame = m_frames.back();
        frame.merging = plain && text == "<<";
        if (!frame.merging && !frame.names.insert(text).second)
            refuse(mark, std::format("\"{}\" is there twice", text));
        frame.hasName = true;
        frame.name = text;
        frame.namePlace = placeOf(mark);
    }

    void add(const YAML::Mark &mark, YamlNode node, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            m_anchors[anchor] = {node, measure(node)};
        if (m_frames.empty()) {
            m_root = std::move(node);
            return;
        }
        Frame &frame = m_frames.back();
        if (frame.node.kind == YamlNode::Kind::Sequence) {
            frame.node.items.push_back(std::move(node));
            return;
        }
        frame.hasName = false;
        if (frame.merging)
            merge(mark, frame, std::move(node));
        else
            frame.node.members.push_back({std::move(frame.name), frame.namePlace, std::move(node)});
    }

    void merge(const YAML::Mark &mark, Frame &frame, YamlNode node) const
    {
        if (node.kind == YamlNode::Kind::Mapping) {
            frame.merges.push_back(std::move(node));
            return;
        }
        const auto isMapping = [](const YamlNode &item) {
            return item.kind == YamlNode::Kind::Mapping;
        };
        if (node.kind == YamlNode::Kind::Scalar || !std::ranges::all_of(node.items, isMapping))
            refuse(mark, "<< merges mappings only");
        std::ranges::move(node.items, std::back_inserter(frame.merges));
    }

    std::string_view m_file;
    const VariableLookup &m_variables;
    YamlNode m_root;
    std::vector<Frame> m_frames;
    std::map<YAML::anchor_t, std::pair<YamlNode, Extent>> m_anchors;
    std::size_t m_aliasNodes = 0;
};

std::string unescapePointer(std::string_view token)
{
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size())
            name += token[++i] == '1' ? '/' : '~';
        else
            name += token[i];
    }
    return name;
}

const YamlNode *child(const YamlNode &node, std::string_view token)
{
    if (node.kind == YamlNode::Kind::Mapping)
        return node.find(unescapePointer(token));
    std::size_t index = 0;
    const char *const tokenEnd = token.data() + token.size();
    const auto [end, error] = std::from_chars(token.data(), tokenEnd, index);
    if (error != std::errc() || end != tokenEnd || index >= node.items.size())
        return nullptr;
    return &node.items[index];
}

} // namespace

const YamlNode *YamlNode::find(std::string_view name) const noexcept
{
    const auto found = std::ranges::find(members, name, &Member::name);
    return found == members.end() ? nullptr : &found->value;
}

Json YamlNode::toJson() const
{
    if (kind == Kind::Scalar)
        return scalar;
    if (kind == Kind::Sequence) {
        Json::Array array;
        array.reserve(items.size());
        for (const YamlNode &item : items)
            array.push_back(item.toJson());
        return Json(std::move(array));
    }
    Json::Object object;
    object.reserve(members.size());
    for (const Member &member : members)
        object.emplace_back(member.name, member.value.toJson());
    return Json(std::move(object));
}

const YamlNode &YamlNode::nearest(std::string_view pointer) const
{
    const YamlNode *node = this;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        const YamlNode *next = child(*node, pointer.substr(0, end));
        if (!next)
            break;
        node = next;
        pointer.remove_prefix(end);
    }
    return *node;
}

Result<YamlNode> parseYaml(std::string_view text, std::string_view file,
                           const VariableLookup &variables)
{
    if (text.size() > kMaxText)
        return fail(Errc::Config, "the file is too long", std::string(file));
    try {
        std::ispanstream stream(std::span(text.data(), text.size()));
        YAML::Parser parser(stream);
        Builder builder(file, variables);
        if (!parser.HandleNextDocument(builder))
            return YamlNode{};
        Builder more(file, variables);
        if (parser.HandleNextDocument(more))
            return fail(Errc::Config, "only one YAML document a file", std::string(file));
        return builder.takeRoot();
    } catch (const Refusal &refusal) {
        return std::unexpected(refusal.error);
    } catch (const YAML::Exception &problem) {
        return fail(Errc::Config, "YAML: " + problem.msg, formatPlace(file, placeOf(problem.mark)));
    } catch (const std::exception &problem) {
        return fail(Errc::Config, problem.what(), std::string(file));
    }
}

std::string formatPlace(std::string_view file, TextPlace place)
{
    return std::format("{}:{}:{}", file, place.line, place.column);
}

} // namespace postern
