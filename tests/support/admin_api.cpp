// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

AdminApi::AdminApi(AdminOptions options, std::unique_ptr<Store> store)
    : clock(Clock::Mode::Frozen, Timestamp(std::chrono::seconds(kNow))),
      config(store ? std::move(store) : openStore("memory:").value(), env, clock,
             [this](const std::shared_ptr<const Snapshot> &) { ++published; }),
      admin(config, std::move(options))
{
}

AdminOptions AdminApi::withoutKey()
{
    AdminOptions options;
    options.requireKey = false;
    return options;
}

AdminReply AdminApi::send(std::string_view method, std::string_view target, std::string_view body,
                          ServiceHeaders headers)
{
    return sendRaw(method, std::string("/apisix/admin/").append(target), body, std::move(headers));
}

AdminReply AdminApi::sendRaw(std::string_view method, std::string_view target,
                             std::string_view body, ServiceHeaders headers)
{
    ServiceRequest request;
    request.method = method;
    request.target = target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = decodePercent(target.substr(0, mark));
    request.query = target.substr(std::min(mark + 1, target.size()));
    request.headers = std::move(headers);
    request.body = body;
    request.bodySize = body.size();
    request.peer = "127.0.0.1";
    return admin.answer(request);
}

Json jsonOf(const AdminReply &reply) { return parseJson(reply.body).value_or(Json()); }

QByteArray messageOf(const AdminReply &reply)
{
    const Json body = jsonOf(reply);
    for (const std::string_view name : {"error_msg", "message"}) {
        if (const Json *text = body.find(name))
            return QByteArray::fromStdString(text->asString());
    }
    return QByteArray::fromStdString(reply.body);
}

QByteArray headerOf(const AdminReply &reply, std::string_view name)
{
    for (const auto &[header, value] : reply.headers) {
        if (header == name)
            return QByteArray::fromStdString(value);
    }
    return {};
}

void addRequestColumns()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("message");
}

void checkCurrentRow(AdminApi &api)
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, message);
    const auto before = api.config.store().revision();
    const AdminReply reply =
        api.send(method.toStdString(), target.toStdString(), body.toStdString());
    if (!message.isEmpty())
        QCOMPARE(messageOf(reply), message);
    QVERIFY2(reply.status == status, reply.body.c_str());
    if (status >= 400)
        QCOMPARE(*api.config.store().revision(), *before);
}
