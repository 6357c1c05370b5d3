// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/pipeline.h"

#include <algorithm>
#include <array>
#include <string>

namespace postern::gateway {

namespace {

struct Reason
{
    int status;
    std::string_view phrase; ///< RFC 9110 15, RFC 6585
    std::string_view title; ///< nginx's heading where it differs; empty: the phrase
};

constexpr std::array kReasons{
    Reason{100, "Continue", {}},
    Reason{101, "Switching Protocols", {}},
    Reason{200, "OK", {}},
    Reason{201, "Created", {}},
    Reason{202, "Accepted", {}},
    Reason{203, "Non-Authoritative Information", {}},
    Reason{204, "No Content", {}},
    Reason{205, "Reset Content", {}},
    Reason{206, "Partial Content", {}},
    Reason{300, "Multiple Choices", {}},
    Reason{301, "Moved Permanently", {}},
    Reason{302, "Found", {}},
    Reason{303, "See Other", {}},
    Reason{304, "Not Modified", {}},
    Reason{307, "Temporary Redirect", {}},
    Reason{308, "Permanent Redirect", {}},
    Reason{400, "Bad Request", {}},
    Reason{401, "Unauthorized", "Authorization Required"},
    Reason{402, "Payment Required", {}},
    Reason{403, "Forbidden", {}},
    Reason{404, "Not Found", {}},
    Reason{405, "Method Not Allowed", "Not Allowed"},
    Reason{406, "Not Acceptable", {}},
    Reason{407, "Proxy Authentication Required", {}},
    Reason{408, "Request Timeout", "Request Time-out"},
    Reason{409, "Conflict", {}},
    Reason{410, "Gone", {}},
    Reason{411, "Length Required", {}},
    Reason{412, "Precondition Failed", {}},
    Reason{413, "Request Entity Too Large", {}},
    Reason{414, "Request-URI Too Large", {}},
    Reason{415, "Unsupported Media Type", {}},
    Reason{416, "Requested Range Not Satisfiable", {}},
    Reason{417, "Expectation Failed", {}},
    Reason{421, "Misdirected Request", {}},
    Reason{422, "Unprocessable Content", {}},
    Reason{426, "Upgrade Required", {}},
    Reason{428, "Precondition Required", {}},
    Reason{429, "Too Many Requests", {}},
    Reason{431, "Request Header Fields Too Large", "Request Header Or Cookie Too Large"},
    Reason{451, "Unavailable For Legal Reasons", {}},
    Reason{500, "Internal Server Error", {}},
    Reason{501, "Not Implemented", {}},
    Reason{502, "Bad Gateway", {}},
    Reason{503, "Service Temporarily Unavailable", {}},
    Reason{504, "Gateway Time-out", {}},
    Reason{505, "HTTP Version Not Supported", {}},
    Reason{507, "Insufficient Storage", {}},
    Reason{511, "Network Authentication Required", {}},
};

const Reason *findReason(int status) noexcept
{
    const auto found = std::ranges::lower_bound(kReasons, status, {}, &Reason::status);
    return found != kReasons.end() && found->status == status ? &*found : nullptr;
}

std::string makePage(const Reason &reason)
{
    const std::string_view words = reason.title.empty() ? reason.phrase : reason.title;
    const std::string title = std::to_string(reason.status) + ' ' + std::string(words);
    return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
        + "</h1></center>\r\n<hr><center>openresty</center>\r\n<p><em>Powered by <a "
          "href=\"https://apisix.apache.org/\">APISIX</a>.</em></p></body>\r\n</html>\r\n";
}

struct DefectStatus
{
    Errc defect;
    int status;
};

// APISIX 3.18: what the client sees when nothing can be proxied, or the upstream failed.
constexpr std::array kDefects{
    DefectStatus{Errc::PluginConfigMissing, 503}, DefectStatus{Errc::ConsumerGroupMissing, 503},
    DefectStatus{Errc::ServiceMissing, 404},      DefectStatus{Errc::UpstreamMissing, 502},
    DefectStatus{Errc::UpstreamNone, 503},        DefectStatus{Errc::UpstreamNoNodes, 503},
    DefectStatus{Errc::UpstreamResolve, 503},     DefectStatus{Errc::UpstreamConnect, 502},
    DefectStatus{Errc::UpstreamReset, 502},       DefectStatus{Errc::UpstreamTimeout, 504},
    DefectStatus{Errc::UpstreamProtocol, 502},    DefectStatus{Errc::UpstreamUnhealthy, 502},
    DefectStatus{Errc::UpstreamType, 500},        DefectStatus{Errc::RetryDeadline, 502},
    DefectStatus{Errc::UpstreamTls, 502},
};

} // namespace

std::string_view reasonPhrase(int status) noexcept
{
    const Reason *reason = findReason(status);
    return reason ? reason->phrase : std::string_view();
}

std::string_view errorPage(int status) noexcept
{
    static const auto pages = [] {
        std::array<std::string, kReasons.size()> made;
        for (std::size_t i = 0; i < kReasons.size(); ++i) {
            if (kReasons[i].status >= 300)
                made[i] = makePage(kReasons[i]);
        }
        return made;
    }();
    const Reason *reason = findReason(status);
    if (!reason)
        return {};
    return pages[static_cast<std::size_t>(reason - kReasons.data())];
}

void replyForDefect(Exchange &exchange, Errc defect)
{
    const auto found = std::ranges::find(kDefects, defect, &DefectStatus::defect);
    replyWithPage(exchange, found != kDefects.end() ? found->status : 502);
}

} // namespace postern::gateway
