// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/limit_count_config.h"

#include <format>
#include <set>
#include <string>
#include <utility>

namespace postern::gateway {

const std::string_view kLimitCountSchema = R"json({
  "type": "object",
  "encrypt_fields": ["redis_password", "sentinel_password"],
  "properties": {
    "count": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
    "time_window": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
    "rules": {"type": "array", "minItems": 1, "items": {
      "type": "object",
      "properties": {
        "count": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
        "time_window": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
        "key": {"type": "string"},
        "header_prefix": {"type": "string"}
      },
      "required": ["count", "time_window", "key"]
    }},
    "window_type": {"type": "string", "enum": ["fixed", "sliding"], "default": "fixed"},
    "group": {"type": "string"},
    "key": {"type": "string", "default": "remote_addr"},
    "key_type": {"type": "string", "enum": ["var", "var_combination", "constant"],
                 "default": "var"},
    "rejected_code": {"type": "integer", "minimum": 200, "maximum": 599, "default": 503},
    "rejected_msg": {"type": "string", "minLength": 1},
    "policy": {"type": "string",
               "enum": ["local", "redis", "redis-cluster", "redis-sentinel"],
               "default": "local"},
    "allow_degradation": {"type": "boolean", "default": false},
    "show_limit_quota_header": {"type": "boolean", "default": true},
    "sync_interval": {"type": "number"}
  },
  "oneOf": [
    {"required": ["count", "time_window"]},
    {"required": ["rules"], "not": {"required": ["count", "time_window"]}}
  ],
  "if": {"properties": {"policy": {"enum": ["redis"]}}},
  "then": {
    "properties": {
      "redis_host": {"type": "string", "minLength": 2},
      "redis_port": {"type": "integer", "minimum": 1, "default": 6379},
      "redis_username": {"type": "string", "minLength": 1},
      "redis_password": {"type": "string", "minLength": 0},
      "redis_database": {"type": "integer", "minimum": 0, "default": 0},
      "redis_timeout": {"type": "integer", "minimum": 1, "default": 1000},
      "redis_ssl": {"type": "boolean", "default": false},
      "redis_ssl_verify": {"type": "boolean", "default": false},
      "redis_keepalive_timeout": {"type": "integer", "minimum": 1, "default": 10000},
      "redis_keepalive_pool": {"type": "integer", "minimum": 1, "default": 100}
    },
    "required": ["redis_host"]
  },
  "else": {
    "if": {"properties": {"policy": {"enum": ["redis-cluster"]}}},
    "then": {
      "properties": {
        "redis_cluster_nodes": {"type": "array", "minItems": 1,
                                "items": {"type": "string", "minLength": 2, "maxLength": 100}},
        "redis_cluster_name": {"type": "string"},
        "redis_password": {"type": "string", "minLength": 0},
        "redis_timeout": {"type": "integer", "minimum": 1, "default": 1000},
        "redis_cluster_ssl": {"type": "boolean", "default": false},
        "redis_cluster_ssl_verify": {"type": "boolean", "default": false},
        "redis_keepalive_timeout": {"type": "integer", "minimum": 1, "default": 10000},
        "redis_keepalive_pool": {"type": "integer", "minimum": 1, "default": 100}
      },
      "required": ["redis_cluster_nodes", "redis_cluster_name"]
    },
    "else": {
      "if": {"properties": {"policy": {"enum": ["redis-sentinel"]}}},
      "then": {
        "properties": {
          "redis_sentinels": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "properties": {
              "host": {"type": "string", "minLength": 2},
              "port": {"type": "integer", "minimum": 1, "maximum": 65535}
            },
            "required": ["host", "port"],
            "additionalProperties": false
          }},
          "redis_master_name": {"type": "string", "minLength": 1},
          "redis_role": {"type": "string", "enum": ["master", "slave"], "default": "master"},
          "redis_connect_timeout": {"type": "integer", "minimum": 1, "default": 1000},
          "redis_read_timeout": {"type": "integer", "minimum": 1, "default": 1000},
          "redis_keepalive_timeout": {"type": "integer", "minimum": 1, "default": 60000},
          "redis_database": {"type": "integer", "minimum": 0, "default": 0},
          "redis_username": {"type": "string", "minLength": 1},
          "redis_password": {"type": "string", "minLength": 0},
          "sentinel_username": {"type": "string", "minLength": 1},
          "sentinel_password": {"type": "string", "minLength": 0}
        },
        "required": ["redis_sentinels", "redis_master_name"]
      }
    }
  }
})json";

const std::string_view kLimitCountMetadataSchema = R"json({
  "type": "object",
  "properties": {
    "limit_header": {"type": "string", "default": "X-RateLimit-Limit"},
    "remaining_header": {"type": "string", "default": "X-RateLimit-Remaining"},
    "reset_header": {"type": "string", "default": "X-RateLimit-Reset"}
  }
})json";

namespace {

Result<void> refuse(std::string text) { return fail(Errc::PluginConfig, std::move(text)); }

Result<void> checkRules(const Json &rules)
{
    std::set<std::string_view> keys;
    for (const Json &rule : rules.items()) {
        const std::string_view key = rule.stringOr("key", "");
        if (!keys.insert(key).second)
            return refuse(std::format("duplicate key '{}' in rules", key));
    }
    return {};
}

Result<void> checkInterval(const Json &config)
{
    const Json *interval = config.find("sync_interval");
    if (!interval || interval->asDouble() == -1 || config.stringOr("policy", "local") == "local")
        return {};
    if (interval->asDouble() < 0.1)
        return refuse("sync_interval should not be smaller than 0.1");
    const Json *window = config.find("time_window");
    if (window && window->isNumber() && interval->asDouble() >= window->asDouble())
        return refuse("sync_interval should be smaller than time_window");
    return {};
}

} // namespace

Result<void> checkLimitCount(const Json &config)
{
    const Json *rules = config.find("rules");
    if (rules && (config.contains("count") || config.contains("time_window")))
        return refuse("count/time_window and rules cannot be specified at the same time");
    if (rules && config.contains("group"))
        return refuse("group and rules cannot be specified at the same time");
    if (auto sound = rules ? checkRules(*rules) : Result<void>(); !sound)
        return sound;
    return checkInterval(config);
}

} // namespace postern::gateway
