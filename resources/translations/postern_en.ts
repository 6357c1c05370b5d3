<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>postern::gui</name>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n consumer</numerusform>
            <numerusform>%n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n credential</numerusform>
            <numerusform>%n credentials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s)</source>
        <translation>
            <numerusform>%n route</numerusform>
            <numerusform>%n routes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n upstream(s)</source>
        <translation>
            <numerusform>%n upstream</numerusform>
            <numerusform>%n upstreams</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n certificate(s)</source>
        <translation>
            <numerusform>%n certificate</numerusform>
            <numerusform>%n certificates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer group(s)</source>
        <translation>
            <numerusform>%n consumer group</numerusform>
            <numerusform>%n consumer groups</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n plugin configuration(s)</source>
        <translation>
            <numerusform>%n plugin configuration</numerusform>
            <numerusform>%n plugin configurations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n other object</numerusform>
            <numerusform>%n other objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s) are not imported.</source>
        <translation>
            <numerusform>%n service is not imported.</numerusform>
            <numerusform>%n services are not imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s) are not imported.</source>
        <translation>
            <numerusform>%n route is not imported.</numerusform>
            <numerusform>%n routes are not imported.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessPage</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Staged changes turn %n cell(s) around</source>
        <translation>
            <numerusform>Staged changes turn %n cell around</numerusform>
            <numerusform>Staged changes turn %n cells around</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) failed</source>
        <translation>
            <numerusform>%n request failed</numerusform>
            <numerusform>%n requests failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) sent: no disagreement</source>
        <translation>
            <numerusform>%n request sent: no disagreement</numerusform>
            <numerusform>%n requests sent: no disagreement</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) differ from the matrix</source>
        <translation>
            <numerusform>%n answer differs from the matrix</numerusform>
            <numerusform>%n answers differ from the matrix</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::CompareDialog</name>
    <message numerus="yes">
        <source>%n difference(s); date, length and trace id are left out.</source>
        <translation>
            <numerusform>%n difference; date, length and trace id are left out.</numerusform>
            <numerusform>%n differences; date, length and trace id are left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumerPane</name>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n change not saved</numerusform>
            <numerusform>%n changes not saved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumersPage</name>
    <message numerus="yes">
        <source>%1 of %n consumer(s)</source>
        <translation>
            <numerusform>%1 of %n consumer</numerusform>
            <numerusform>%1 of %n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n consumer</numerusform>
            <numerusform>%n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>! %n warning(s)</source>
        <translation>
            <numerusform>! %n warning</numerusform>
            <numerusform>! %n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n object(s)</source>
        <translation>
            <numerusform>Delete %n object</numerusform>
            <numerusform>Delete %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n credential(s) to %1</source>
        <translation>
            <numerusform>Move %n credential to %1</numerusform>
            <numerusform>Move %n credentials to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n consumer(s)</source>
        <translation>
            <numerusform>Delete %n consumer</numerusform>
            <numerusform>Delete %n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Label %n consumer(s)</source>
        <translation>
            <numerusform>Label %n consumer</numerusform>
            <numerusform>Label %n consumers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::ExportDialog</name>
    <message numerus="yes">
        <source>Export %n consumer(s)</source>
        <translation>
            <numerusform>Export %n consumer</numerusform>
            <numerusform>Export %n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The gateway must have %n variable(s): %1</source>
        <translation>
            <numerusform>The gateway must have %n variable: %1</numerusform>
            <numerusform>The gateway must have %n variables: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n consumer</numerusform>
            <numerusform>%n consumers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n credential</numerusform>
            <numerusform>%n credentials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n other object</numerusform>
            <numerusform>%n other objects</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::GatewayPage</name>
    <message numerus="yes">
        <source>%n request(s) came too fast and are not in the list.</source>
        <translation>
            <numerusform>%n request came too fast and is not in the list.</numerusform>
            <numerusform>%n requests came too fast and are not in the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) saved, secrets replaced.</source>
        <translation>
            <numerusform>%n request saved, secrets replaced.</numerusform>
            <numerusform>%n requests saved, secrets replaced.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) read.</source>
        <translation>
            <numerusform>%n request read.</numerusform>
            <numerusform>%n requests read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) of the access matrix change:</source>
        <translation>
            <numerusform>%n cell of the access matrix changes:</numerusform>
            <numerusform>%n cells of the access matrix change:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::GeneratorDialog</name>
    <message numerus="yes">
        <source>%n bit(s) of entropy</source>
        <translation>
            <numerusform>%n bit of entropy</numerusform>
            <numerusform>%n bits of entropy</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s) of security; the public key is for everybody, the private key for nobody else.</source>
        <translation>
            <numerusform>%n bit of security; the public key is for everybody, the private key for nobody else.</numerusform>
            <numerusform>%n bits of security; the public key is for everybody, the private key for nobody else.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::ImportDialog</name>
    <message numerus="yes">
        <source>%n object(s) are there already and will be replaced.</source>
        <translation>
            <numerusform>%n object is there already and will be replaced.</numerusform>
            <numerusform>%n objects are there already and will be replaced.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cannot be imported: the gateway would refuse %n object(s).</source>
        <translation>
            <numerusform>Cannot be imported: the gateway would refuse %n object.</numerusform>
            <numerusform>Cannot be imported: the gateway would refuse %n objects.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of the file are not valid.</source>
        <translation>
            <numerusform>%n object of the file is not valid.</numerusform>
            <numerusform>%n objects of the file are not valid.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n fault(s)</source>
        <translation>
            <numerusform>%n fault</numerusform>
            <numerusform>%n faults</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::KeyPanel</name>
    <message numerus="yes">
        <source>All my keys (%n)</source>
        <translation>
            <numerusform>All my keys (%n)</numerusform>
            <numerusform>All my keys (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::LabelsDialog</name>
    <message numerus="yes">
        <source>Labels of %n consumer(s)</source>
        <translation>
            <numerusform>Labels of %n consumer</numerusform>
            <numerusform>Labels of %n consumers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::PreviewDialog</name>
    <message numerus="yes">
        <source>%n call(s) to /apisix/admin, all or none of them.</source>
        <translation>
            <numerusform>%n call to /apisix/admin, all or none of them.</numerusform>
            <numerusform>%n calls to /apisix/admin, all or none of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::StatusBar</name>
    <message numerus="yes">
        <source>Clipboard clears in %n s · clear now</source>
        <translation>
            <numerusform>Clipboard clears in %n s · clear now</numerusform>
            <numerusform>Clipboard clears in %n s · clear now</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::TokensPage</name>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>JSON form, %n signatures</source>
        <translation>
            <numerusform>JSON form, %n signature</numerusform>
            <numerusform>JSON form, %n signatures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Signature: %1, %n bytes</source>
        <translation>
            <numerusform>Signature: %1, %n byte</numerusform>
            <numerusform>Signature: %1, %n bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficPlot</name>
    <message numerus="yes">
        <source>%n request(s) in the last minute</source>
        <translation>
            <numerusform>%n request in the last minute</numerusform>
            <numerusform>%n requests in the last minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them refused</source>
        <translation>
            <numerusform>%n of them refused</numerusform>
            <numerusform>%n of them refused</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficView</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new ↓</source>
        <translation>
            <numerusform>%n new ↓</numerusform>
            <numerusform>%n new ↓</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new, go to the end</source>
        <translation>
            <numerusform>%n new, go to the end</numerusform>
            <numerusform>%n new, go to the end</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::VerdictBar</name>
    <message numerus="yes">
        <source>Tried in %1 ms, %n signatures: %2.</source>
        <translation>
            <numerusform>Tried in %1 ms, %n signature: %2.</numerusform>
            <numerusform>Tried in %1 ms, %n signatures: %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::Workspace</name>
    <message numerus="yes">
        <source>Save %n change(s)</source>
        <translation>
            <numerusform>Save %n change</numerusform>
            <numerusform>Save %n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved %n change(s)</source>
        <translation>
            <numerusform>Saved %n change</numerusform>
            <numerusform>Saved %n changes</numerusform>
        </translation>
    </message>
</context>
</TS>
