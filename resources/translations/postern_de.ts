<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AccessWords</name>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>verboten</translation>
    </message>
    <message>
        <source>whitelist</source>
        <translation>Whitelist</translation>
    </message>
    <message>
        <source>blacklist</source>
        <translation>Blacklist</translation>
    </message>
    <message>
        <source>method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>subject</source>
        <translation>Subjekt</translation>
    </message>
    <message>
        <source>address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>no login</source>
        <translation>ohne Anmeldung</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>no consumer</source>
        <translation>kein Consumer</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>client&apos;s key</source>
        <translation>Client-Schlüssel</translation>
    </message>
    <message>
        <source>no route</source>
        <translation>keine Route</translation>
    </message>
    <message>
        <source>no upstream</source>
        <translation>kein Upstream</translation>
    </message>
    <message>
        <source>no nodes</source>
        <translation>keine Knoten</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>kein Schlüssel</translation>
    </message>
    <message>
        <source>no jwt</source>
        <translation>kein JWT</translation>
    </message>
    <message>
        <source>no basic</source>
        <translation>kein Basic</translation>
    </message>
    <message>
        <source>no hmac</source>
        <translation>kein HMAC</translation>
    </message>
</context>
<context>
    <name>Consumers</name>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>doppelt</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>unresolved</source>
        <translation>unaufgelöst</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>schwach</translation>
    </message>
    <message>
        <source>no credential</source>
        <translation>ohne Anmeldung</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>abgeschaltet</translation>
    </message>
    <message>
        <source>unused</source>
        <translation>ungenutzt</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
</context>
<context>
    <name>CopySecrets</name>
    <message>
        <source>Copied commands: secrets as $&amp;VARIABLES</source>
        <translation>Kopierte Befehle: Geheimnisse als $&amp;VARIABLEN</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>The quotation mark is not closed</source>
        <translation>Das Anführungszeichen ist nicht geschlossen</translation>
    </message>
    <message>
        <source>There is no field &quot;%1&quot; here; put words with a colon in quotation marks</source>
        <translation>Ein Feld „%1“ gibt es hier nicht; Wörter mit Doppelpunkt in Anführungszeichen setzen</translation>
    </message>
    <message>
        <source>Expected one value behind &quot;%1&quot;, as in %2</source>
        <translation>Hinter „%1“ wird ein einzelner Wert erwartet, wie in %2</translation>
    </message>
    <message>
        <source>A value is missing behind &quot;%1:&quot;</source>
        <translation>Hinter „%1:“ fehlt ein Wert</translation>
    </message>
    <message>
        <source>&quot;%1&quot; can be: %2</source>
        <translation>„%1“ kann sein: %2</translation>
    </message>
    <message>
        <source>A word is missing</source>
        <translation>Ein Wort fehlt</translation>
    </message>
</context>
<context>
    <name>Logins</name>
    <message>
        <source>&amp;Key</source>
        <translation>Sch&amp;lüssel</translation>
    </message>
    <message>
        <source>&amp;Key claim</source>
        <translation>&amp;Key-Claim</translation>
    </message>
    <message>
        <source>&amp;Algorithm</source>
        <translation>Algo&amp;rithmus</translation>
    </message>
    <message>
        <source>&amp;Secret</source>
        <translation>Gehei&amp;mnis</translation>
    </message>
    <message>
        <source>The secret is base64</source>
        <translation>Geheimnis ist base64</translation>
    </message>
    <message>
        <source>&amp;Public key</source>
        <translation>Ö&amp;ff. Schlüssel</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>Benutze&amp;rname</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>Pass&amp;wort</translation>
    </message>
    <message>
        <source>&amp;Key id</source>
        <translation>Sch&amp;lüssel-ID</translation>
    </message>
    <message>
        <source>&amp;Secret key</source>
        <translation>Geheime&amp;r Schlüssel</translation>
    </message>
    <message>
        <source>Pri&amp;vate key</source>
        <translation>Pri&amp;vater Schlüssel</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Meta</source>
        <translation>Meta</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ins</source>
        <translation>Einfg</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Runter</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>PgDown</source>
        <translation>Bild ab</translation>
    </message>
</context>
<context>
    <name>SecretKinds</name>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>HS256 secret</source>
        <translation>HS256-Geheimnis</translation>
    </message>
    <message>
        <source>HS384 secret</source>
        <translation>HS384-Geheimnis</translation>
    </message>
    <message>
        <source>HS512 secret</source>
        <translation>HS512-Geheimnis</translation>
    </message>
    <message>
        <source>HS256 secret, hex</source>
        <translation>HS256-Geheimnis, hexadezimal</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
</context>
<context>
    <name>TokenParts</name>
    <message>
        <source>header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>Payload</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>encrypted key</source>
        <translation>verschlüsselter Schlüssel</translation>
    </message>
    <message>
        <source>initialization vector</source>
        <translation>Initialisierungsvektor</translation>
    </message>
    <message>
        <source>ciphertext</source>
        <translation>Chiffretext</translation>
    </message>
    <message>
        <source>authentication tag</source>
        <translation>Authentifizierungs-Tag</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>Payload</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ok</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>segments</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>not-compact</source>
        <translation>nicht kompakt</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>not-object</source>
        <translation>kein Objekt</translation>
    </message>
    <message>
        <source>payload-json</source>
        <translation>Payload kein JSON</translation>
    </message>
    <message>
        <source>alg-missing</source>
        <translation>alg fehlt</translation>
    </message>
    <message>
        <source>alg-unknown</source>
        <translation>alg unbekannt</translation>
    </message>
    <message>
        <source>alg-none</source>
        <translation>alg none</translation>
    </message>
    <message>
        <source>alg-not-allowed</source>
        <translation>alg nicht erlaubt</translation>
    </message>
    <message>
        <source>alg-key-mismatch</source>
        <translation>alg passt nicht zum Schlüssel</translation>
    </message>
    <message>
        <source>alg-type</source>
        <translation>Typ von alg</translation>
    </message>
    <message>
        <source>typ-type</source>
        <translation>Typ von typ</translation>
    </message>
    <message>
        <source>kid-type</source>
        <translation>Typ von kid</translation>
    </message>
    <message>
        <source>cty-type</source>
        <translation>Typ von cty</translation>
    </message>
    <message>
        <source>crit</source>
        <translation>crit</translation>
    </message>
    <message>
        <source>crit-invalid</source>
        <translation>crit ungültig</translation>
    </message>
    <message>
        <source>kid-mismatch</source>
        <translation>anderes kid</translation>
    </message>
    <message>
        <source>signature-length</source>
        <translation>Signaturlänge</translation>
    </message>
    <message>
        <source>no-signature</source>
        <translation>keine Signatur</translation>
    </message>
    <message>
        <source>no-key</source>
        <translation>kein Schlüssel</translation>
    </message>
    <message>
        <source>key-weak</source>
        <translation>Schlüssel schwach</translation>
    </message>
    <message>
        <source>key-format</source>
        <translation>Schlüsselformat</translation>
    </message>
    <message>
        <source>key-type</source>
        <translation>Schlüsseltyp</translation>
    </message>
    <message>
        <source>key-use</source>
        <translation>Schlüsselverwendung</translation>
    </message>
    <message>
        <source>ambiguous</source>
        <translation>mehrdeutig</translation>
    </message>
    <message>
        <source>numeric-date</source>
        <translation>keine Zeitzahl</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>not-yet-valid</source>
        <translation>noch nicht gültig</translation>
    </message>
    <message>
        <source>too-old</source>
        <translation>zu alt</translation>
    </message>
    <message>
        <source>audience</source>
        <translation>andere Zielgruppe</translation>
    </message>
    <message>
        <source>issuer</source>
        <translation>anderer Aussteller</translation>
    </message>
    <message>
        <source>subject</source>
        <translation>anderes Subjekt</translation>
    </message>
    <message>
        <source>typ</source>
        <translation>typ</translation>
    </message>
    <message>
        <source>claim-missing</source>
        <translation>Claim fehlt</translation>
    </message>
    <message>
        <source>claim-type</source>
        <translation>Typ des Claims</translation>
    </message>
    <message>
        <source>jwe</source>
        <translation>verschlüsselt</translation>
    </message>
    <message>
        <source>detached-payload</source>
        <translation>Payload getrennt</translation>
    </message>
    <message>
        <source>b64-type</source>
        <translation>Typ von b64</translation>
    </message>
    <message>
        <source>b64-not-critical</source>
        <translation>b64 nicht in crit</translation>
    </message>
    <message>
        <source>b64-in-jwt</source>
        <translation>b64 im JWT</translation>
    </message>
    <message>
        <source>header-not-disjoint</source>
        <translation>Header doppelt</translation>
    </message>
    <message>
        <source>limit-exceeded</source>
        <translation>Grenze überschritten</translation>
    </message>
    <message>
        <source>base64</source>
        <translation>kein base64</translation>
    </message>
    <message>
        <source>json</source>
        <translation>kein JSON</translation>
    </message>
    <message>
        <source>credential-unknown</source>
        <translation>Zugangsdaten unbekannt</translation>
    </message>
    <message>
        <source>credential-empty</source>
        <translation>Zugangsdaten leer</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>A local API gateway and a token workbench.</source>
        <translation>Ein lokales API-Gateway und eine Token-Werkbank.</translation>
    </message>
    <message>
        <source>Work on a running gateway (unix:/path, http://host:port).</source>
        <translation>Mit einem laufenden Gateway arbeiten (unix:/pfad, http://host:port).</translation>
    </message>
    <message>
        <source>Open a window of its own beside the one that is there.</source>
        <translation>Ein eigenes Fenster neben dem vorhandenen öffnen.</translation>
    </message>
    <message>
        <source>mint-token, debug-clipboard or start-gateway.</source>
        <translation>mint-token, debug-clipboard oder start-gateway.</translation>
    </message>
    <message>
        <source>A store (*.postern), or a file to look into.</source>
        <translation>Eine Ablage (*.postern) oder eine Datei zum Ansehen.</translation>
    </message>
</context>
<context>
    <name>postern::gui</name>
    <message>
        <source>A user name is needed.</source>
        <translation>Ein Benutzername ist nötig.</translation>
    </message>
    <message>
        <source>A user name has only letters A–Z and a–z, digits, &quot;_&quot; and &quot;-&quot;.</source>
        <translation>Ein Benutzername hat nur Buchstaben A–Z und a–z, Ziffern, „_“ und „-“.</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Argument %1</source>
        <translation>Argument %1</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Body is cut</source>
        <translation>Body ist gekürzt</translation>
    </message>
    <message>
        <source>%1 of %2 bytes are kept</source>
        <translation>%1 von %2 Bytes sind erhalten</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>Nicht erreicht</translation>
    </message>
    <message>
        <source>The upstream has not seen this request.</source>
        <translation>Der Upstream hat diese Anfrage nicht gesehen.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Routing and plugins</source>
        <translation>Routing und Plugins</translation>
    </message>
    <message>
        <source>Upstream and transfer</source>
        <translation>Upstream und Übertragung</translation>
    </message>
    <message>
        <source>Altogether</source>
        <translation>Insgesamt</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation>Revision %1</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>Route</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>Antwort</translation>
    </message>
    <message numerus="yes">
        <source>%n service(s) are not imported.</source>
        <translation>
            <numerusform>%n Dienst wird nicht importiert.</numerusform>
            <numerusform>%n Dienste werden nicht importiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s) are not imported.</source>
        <translation>
            <numerusform>%n Route wird nicht importiert.</numerusform>
            <numerusform>%n Routen werden nicht importiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not imported.</source>
        <translation>„%1“ wird nicht importiert.</translation>
    </message>
    <message>
        <source>Groups and plugins of %1 are not imported.</source>
        <translation>Gruppen und Plugins von %1 werden nicht importiert.</translation>
    </message>
    <message>
        <source>%1 is a folder; drop a file.</source>
        <translation>%1 ist ein Ordner; eine Datei ablegen.</translation>
    </message>
    <message>
        <source>%1 is larger than 16 MiB.</source>
        <translation>%1 ist größer als 16 MiB.</translation>
    </message>
    <message>
        <source>%1 is no configuration. What can be imported: postern.yaml, apisix.yaml, apisix.json, kong.yml, adc.yaml.</source>
        <translation>%1 ist keine Konfiguration. Importierbar sind: postern.yaml, apisix.yaml, apisix.json, kong.yml, adc.yaml.</translation>
    </message>
    <message>
        <source>%1 is no configuration.</source>
        <translation>%1 ist keine Konfiguration.</translation>
    </message>
    <message>
        <source>declarative configuration of Kong</source>
        <translation>deklarative Konfiguration von Kong</translation>
    </message>
    <message>
        <source>configuration of adc</source>
        <translation>Konfiguration von adc</translation>
    </message>
    <message>
        <source>standalone configuration of APISIX</source>
        <translation>Standalone-Konfiguration von APISIX</translation>
    </message>
    <message>
        <source>configuration of Postern</source>
        <translation>Konfiguration von Postern</translation>
    </message>
    <message>
        <source>%1 holds nothing that could be imported.</source>
        <translation>%1 enthält nichts Importierbares.</translation>
    </message>
    <message>
        <source>Answer&apos;s status: status:401, status:&gt;=400</source>
        <translation>Status der Antwort: status:401, status:&gt;=400</translation>
    </message>
    <message>
        <source>Method of the request</source>
        <translation>Methode der Anfrage</translation>
    </message>
    <message>
        <source>Path and query: path:/get*</source>
        <translation>Pfad und Query: path:/get*</translation>
    </message>
    <message>
        <source>Host the request was sent to</source>
        <translation>Host, an den die Anfrage ging</translation>
    </message>
    <message>
        <source>Who it was</source>
        <translation>Wer es war</translation>
    </message>
    <message>
        <source>Kind and name of the credential</source>
        <translation>Art und Name der Anmeldung</translation>
    </message>
    <message>
        <source>Route that matched</source>
        <translation>Route, die passte</translation>
    </message>
    <message>
        <source>What was decided</source>
        <translation>Was entschieden wurde</translation>
    </message>
    <message>
        <source>A plugin that ran</source>
        <translation>Ein Plugin, das lief</translation>
    </message>
    <message>
        <source>Why it was refused</source>
        <translation>Warum abgelehnt wurde</translation>
    </message>
    <message>
        <source>How long it took: time:&gt;200ms</source>
        <translation>Wie lange es dauerte: time:&gt;200ms</translation>
    </message>
    <message>
        <source>Words of a comment</source>
        <translation>Wörter eines Kommentars</translation>
    </message>
    <message>
        <source>Marks and states</source>
        <translation>Markierungen und Zustände</translation>
    </message>
    <message>
        <source>Decided after</source>
        <translation>Entschieden nach</translation>
    </message>
    <message>
        <source>Upstream asked after</source>
        <translation>Upstream angefragt nach</translation>
    </message>
    <message>
        <source>Upstream connected after</source>
        <translation>Upstream verbunden nach</translation>
    </message>
    <message>
        <source>First byte of the answer after</source>
        <translation>Erstes Byte der Antwort nach</translation>
    </message>
    <message>
        <source>Last byte of the answer after</source>
        <translation>Letztes Byte der Antwort nach</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>erlaubt</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>anonym</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>no route</source>
        <translation>keine Route</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>Consumer &quot;%1&quot; is left out: %2</source>
        <translation>Der Consumer „%1“ bleibt weg: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n Consumer</numerusform>
            <numerusform>%n Consumer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n Anmeldung</numerusform>
            <numerusform>%n Anmeldungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s)</source>
        <translation>
            <numerusform>%n Route</numerusform>
            <numerusform>%n Routen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n Dienst</numerusform>
            <numerusform>%n Dienste</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n upstream(s)</source>
        <translation>
            <numerusform>%n Upstream</numerusform>
            <numerusform>%n Upstreams</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n certificate(s)</source>
        <translation>
            <numerusform>%n Zertifikat</numerusform>
            <numerusform>%n Zertifikate</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer group(s)</source>
        <translation>
            <numerusform>%n Consumer-Gruppe</numerusform>
            <numerusform>%n Consumer-Gruppen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n plugin configuration(s)</source>
        <translation>
            <numerusform>%n Plugin-Konfiguration</numerusform>
            <numerusform>%n Plugin-Konfigurationen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n anderes Objekt</numerusform>
            <numerusform>%n andere Objekte</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 ist nicht mehr da.</translation>
    </message>
    <message>
        <source>%1 is no file but a pipe, a socket or a device.</source>
        <translation>%1 ist keine Datei, sondern eine Pipe, ein Socket oder ein Gerät.</translation>
    </message>
    <message>
        <source>%1 may not be read by you.</source>
        <translation>%1 dürfen Sie nicht lesen.</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 ist leer.</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessFilterModel</name>
    <message>
        <source>user name</source>
        <translation>Benutzername</translation>
    </message>
    <message>
        <source>label, as team=platform</source>
        <translation>Label, etwa team=platform</translation>
    </message>
    <message>
        <source>name or id</source>
        <translation>Name oder ID</translation>
    </message>
    <message>
        <source>plugin of the route</source>
        <translation>Plugin der Route</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessModel</name>
    <message>
        <source>✓ anonymous</source>
        <comment>let through without a login of its own</comment>
        <translation>✓ anonym</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>erlaubt</translation>
    </message>
    <message>
        <source>allowed, at most %1</source>
        <translation>erlaubt, höchstens %1</translation>
    </message>
    <message>
        <source>allowed as anonymous consumer %1</source>
        <translation>erlaubt als anonymer Consumer %1</translation>
    </message>
    <message>
        <source>refused with %1: %2</source>
        <translation>abgelehnt mit %1: %2</translation>
    </message>
    <message>
        <source>cannot authenticate: %1</source>
        <translation>kann sich nicht anmelden: %1</translation>
    </message>
    <message>
        <source>depends: %1</source>
        <translation>kommt darauf an: %1</translation>
    </message>
    <message>
        <source>no request of this method reaches the route</source>
        <translation>keine Anfrage mit dieser Methode erreicht die Route</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>%1 on %2: %3</source>
        <translation>%1 auf %2: %3</translation>
    </message>
    <message>
        <source>changed by staged edits; was %1</source>
        <translation>durch vorgemerkte Änderungen anders; bisher %1</translation>
    </message>
    <message>
        <source>(nobody)</source>
        <translation>(niemand)</translation>
    </message>
    <message>
        <source>has no login</source>
        <translation>hat keine Anmeldung</translation>
    </message>
    <message>
        <source>logins: %1</source>
        <translation>Anmeldungen: %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>all methods</source>
        <translation>alle Methoden</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>Consumer</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessPage</name>
    <message>
        <source>Access</source>
        <translation>Zugriff</translation>
    </message>
    <message>
        <source>Consumers by routes</source>
        <translation>Consumer nach Routen</translation>
    </message>
    <message>
        <source>&amp;New route</source>
        <translation>&amp;Neue Route</translation>
    </message>
    <message>
        <source>Any</source>
        <comment>method</comment>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Method of the requests</source>
        <translation>Methode der Anfragen</translation>
    </message>
    <message>
        <source>Group consumers by label</source>
        <translation>Consumer nach Label gruppieren</translation>
    </message>
    <message>
        <source>&amp;Only what changes</source>
        <translation>N&amp;ur Geändertes</translation>
    </message>
    <message>
        <source>Filter consumers</source>
        <translation>Consumer filtern</translation>
    </message>
    <message>
        <source>Filter routes</source>
        <translation>Routen filtern</translation>
    </message>
    <message>
        <source>Send &amp;all for real</source>
        <translation>A&amp;lle echt senden</translation>
    </message>
    <message>
        <source>Sends a request for every cell shown and marks answers that differ</source>
        <translation>Sendet für jede gezeigte Zelle eine Anfrage und markiert abweichende Antworten</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xport…</translation>
    </message>
    <message>
        <source>Saves the matrix as CSV or Markdown</source>
        <translation>Speichert die Matrix als CSV oder Markdown</translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation>&amp;Methode</translation>
    </message>
    <message>
        <source>&amp;Group by label</source>
        <translation>Nach Label grupp&amp;ieren</translation>
    </message>
    <message>
        <source>Why the cell is as it is</source>
        <translation>Begründung der Zelle</translation>
    </message>
    <message>
        <source>Select a cell to see why it is as it is.</source>
        <translation>Eine Zelle auswählen, um ihre Begründung zu sehen.</translation>
    </message>
    <message>
        <source>&amp;Send it for real</source>
        <translation>&amp;Echt senden</translation>
    </message>
    <message>
        <source>Sends this request to the running gateway (Ctrl+Enter)</source>
        <translation>Sendet diese Anfrage an das laufende Gateway (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>&amp;Turn around</source>
        <translation>Um&amp;kehren</translation>
    </message>
    <message>
        <source>Stages the edit that lets in or keeps out (T)</source>
        <translation>Merkt die Änderung vor, die erlaubt oder ablehnt (T)</translation>
    </message>
    <message>
        <source>Open &amp;route</source>
        <translation>&amp;Route öffnen</translation>
    </message>
    <message>
        <source>Shows the route</source>
        <translation>Zeigt die Route</translation>
    </message>
    <message>
        <source>&amp;Turn the cell around</source>
        <translation>Zelle &amp;umkehren</translation>
    </message>
    <message>
        <source>&amp;Send the cell for real</source>
        <translation>Zelle &amp;echt senden</translation>
    </message>
    <message>
        <source>Send &amp;all cells for real</source>
        <translation>&amp;Alle Zellen echt senden</translation>
    </message>
    <message>
        <source>&amp;Export the matrix…</source>
        <translation>&amp;Matrix exportieren…</translation>
    </message>
    <message>
        <source>Nothing to compare: there are no routes.</source>
        <translation>Nichts zu vergleichen: Es gibt keine Routen.</translation>
    </message>
    <message>
        <source>none</source>
        <comment>group</comment>
        <translation>ohne</translation>
    </message>
    <message>
        <source>%1 → %2: %3</source>
        <translation>%1 → %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 on %2: %3 → %4</source>
        <translation>%1 auf %2: %3 → %4</translation>
    </message>
    <message numerus="yes">
        <source>Staged changes turn %n cell(s) around</source>
        <translation>
            <numerusform>Vorgemerkte Änderungen kehren %n Zelle um</numerusform>
            <numerusform>Vorgemerkte Änderungen kehren %n Zellen um</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>no cell is selected</source>
        <translation>keine Zelle ist ausgewählt</translation>
    </message>
    <message>
        <source>the gateway is stopped</source>
        <translation>das Gateway ist gestoppt</translation>
    </message>
    <message>
        <source>requests are under way</source>
        <translation>Anfragen sind unterwegs</translation>
    </message>
    <message>
        <source>This cell cannot be turned around: %1</source>
        <translation>Diese Zelle lässt sich nicht umkehren: %1</translation>
    </message>
    <message>
        <source>The request failed</source>
        <translation>Die Anfrage ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>Answered %1, as the matrix says</source>
        <translation>Antwort %1, wie in der Matrix</translation>
    </message>
    <message>
        <source>Answered %1: the matrix says otherwise</source>
        <translation>Antwort %1: anders als in der Matrix</translation>
    </message>
    <message>
        <source>Staged changes are not on the gateway yet; limits count what was sent before.</source>
        <translation>Vorgemerkte Änderungen sind noch nicht auf dem Gateway; Limits zählen früher Gesendetes mit.</translation>
    </message>
    <message>
        <source>Sending %1 of %2…</source>
        <translation>%1 von %2 wird gesendet…</translation>
    </message>
    <message>
        <source>%1 on %2: %3, answered %4</source>
        <translation>%1 auf %2: %3, Antwort %4</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) failed</source>
        <translation>
            <numerusform>%n Anfrage fehlgeschlagen</numerusform>
            <numerusform>%n Anfragen fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) sent: no disagreement</source>
        <translation>
            <numerusform>%n Anfrage gesendet: keine Abweichung</numerusform>
            <numerusform>%n Anfragen gesendet: keine Abweichung</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) differ from the matrix</source>
        <translation>
            <numerusform>%n Antwort weicht von der Matrix ab</numerusform>
            <numerusform>%n Antworten weichen von der Matrix ab</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the matrix</source>
        <translation>Matrix exportieren</translation>
    </message>
    <message>
        <source>CSV (*.csv);;Markdown (*.md)</source>
        <translation>CSV (*.csv);;Markdown (*.md)</translation>
    </message>
    <message>
        <source>%1 was not written</source>
        <translation>%1 wurde nicht geschrieben</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Gespeichert als %1</translation>
    </message>
    <message>
        <source>What if: the cells as they would be once the staged changes are saved; else as they are now</source>
        <translation>Was wäre wenn: die Zellen, wie sie nach dem Sichern der vorgemerkten Änderungen wären; sonst, wie sie jetzt sind</translation>
    </message>
    <message>
        <source>Nothing is staged: the cells are as they are now</source>
        <translation>Nichts ist vorgemerkt: Die Zellen sind, wie sie jetzt sind</translation>
    </message>
    <message>
        <source>Hides consumers and routes that staged changes leave as they are</source>
        <translation>Blendet Consumer und Routen aus, an denen vorgemerkte Änderungen nichts ändern</translation>
    </message>
    <message>
        <source>&amp;With staged changes</source>
        <translation>Mit &amp;vorgemerkten Änderungen</translation>
    </message>
    <message>
        <source>Looking for what staged changes turn around…</source>
        <translation>Es wird gesucht, was vorgemerkte Änderungen umkehren…</translation>
    </message>
    <message>
        <source>secrets are locked</source>
        <translation>Geheimnisse sind gesperrt</translation>
    </message>
    <message>
        <source>Hidden in privacy mode: the reasons name users.</source>
        <translation>Im Privatmodus verborgen: Die Gründe nennen Benutzer.</translation>
    </message>
</context>
<context>
    <name>postern::gui::AttachDialog</name>
    <message>
        <source>Attach to a gateway</source>
        <translation>Mit einem Gateway verbinden</translation>
    </message>
    <message>
        <source>Control API</source>
        <translation>Steuer-API</translation>
    </message>
    <message>
        <source>unix:/path/to/socket or http://127.0.0.1:9092</source>
        <translation>unix:/pfad/zum/socket oder http://127.0.0.1:9092</translation>
    </message>
    <message>
        <source>Admin key</source>
        <translation>Admin-Schlüssel</translation>
    </message>
    <message>
        <source>only for http</source>
        <translation>nur für http</translation>
    </message>
    <message>
        <source>&amp;Control API:</source>
        <translation>&amp;Steuer-API:</translation>
    </message>
    <message>
        <source>Admin &amp;key:</source>
        <translation>Admin-Sch&amp;lüssel:</translation>
    </message>
    <message>
        <source>&amp;Attach</source>
        <translation>&amp;Verbinden</translation>
    </message>
    <message>
        <source>Works on the objects and the traffic of a gateway that runs in another process: its socket, or its address with the admin key.</source>
        <translation>Arbeitet mit den Objekten und dem Verkehr eines Gateways, das in einem anderen Prozess läuft: sein Socket, oder seine Adresse mit dem Admin-Schlüssel.</translation>
    </message>
</context>
<context>
    <name>postern::gui::ChecksModel</name>
    <message>
        <source>not looked at</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>The profiles do not agree here.</source>
        <translation>Hier sind sich die Profile nicht einig.</translation>
    </message>
    <message>
        <source>%1, the profiles differ</source>
        <translation>%1, die Profile weichen ab</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
</context>
<context>
    <name>postern::gui::ClaimsModel</name>
    <message>
        <source>%1 = %2, %3</source>
        <translation>%1 = %2, %3</translation>
    </message>
    <message>
        <source>%1 (exact)</source>
        <translation>%1 (genau)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Claim</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Genutzt von</translation>
    </message>
</context>
<context>
    <name>postern::gui::CommandPalette</name>
    <message>
        <source>Nothing has this name.</source>
        <translation>Nichts heißt so.</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Search or run</source>
        <translation>Suchen oder ausführen</translation>
    </message>
    <message>
        <source>Search or run…   &gt; commands   @ consumers   / routes   # requests</source>
        <translation>Suchen oder ausführen…   &gt; Befehle   @ Consumer   / Routen   # Anfragen</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Treffer</translation>
    </message>
</context>
<context>
    <name>postern::gui::CompareDialog</name>
    <message>
        <source>&amp;Only what differs</source>
        <translation>&amp;Nur Unterschiede</translation>
    </message>
    <message>
        <source>Compare %1 with %2</source>
        <translation>%1 mit %2 vergleichen</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Nothing differs but what differs in every request.</source>
        <translation>Keine Unterschiede außer denen, die jede Anfrage hat.</translation>
    </message>
    <message numerus="yes">
        <source>%n difference(s); date, length and trace id are left out.</source>
        <translation>
            <numerusform>%n Unterschied; ohne Datum, Länge und Trace-ID.</numerusform>
            <numerusform>%n Unterschiede; ohne Datum, Länge und Trace-ID.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::CompareView</name>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>The other token</source>
        <translation>Das andere Token</translation>
    </message>
    <message>
        <source>Paste a second token here, or choose one from Break.</source>
        <translation>Ein zweites Token hier einfügen oder eines unter „Verfälschen“ wählen.</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>This token</source>
        <translation>Dieses Token</translation>
    </message>
    <message>
        <source>The other</source>
        <translation>Das andere</translation>
    </message>
    <message>
        <source>%1: this %2, the other %3</source>
        <translation>%1: dieses %2, das andere %3</translation>
    </message>
    <message>
        <source>≠ %1: this %2, the other %3</source>
        <translation>≠ %1: dieses %2, das andere %3</translation>
    </message>
    <message>
        <source>Too long to compare.</source>
        <translation>Zu lang zum Vergleichen.</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>accepts it</source>
        <translation>nimmt es an</translation>
    </message>
    <message>
        <source>refuses it at the %1: %2</source>
        <translation>lehnt es ab (%1): %2</translation>
    </message>
    <message>
        <source>%1. A strict verifier %2.</source>
        <translation>%1. Ein strenger Prüfer %2.</translation>
    </message>
    <message>
        <source> APISIX answers %1.</source>
        <translation> APISIX antwortet %1.</translation>
    </message>
    <message>
        <source> Kong answers %1.</source>
        <translation> Kong antwortet %1.</translation>
    </message>
</context>
<context>
    <name>postern::gui::Composer</name>
    <message>
        <source>Headers, one a line</source>
        <translation>Header, je einer pro Zeile</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>URL, or a curl line</source>
        <translation>URL oder curl-Zeile</translation>
    </message>
    <message>
        <source>http://127.0.0.1:9080/get, or paste a curl line</source>
        <translation>http://127.0.0.1:9080/get oder eine curl-Zeile einfügen</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Consumer whose login is added</source>
        <translation>Consumer, dessen Anmeldung ergänzt wird</translation>
    </message>
    <message>
        <source>Adds the login that the route wants: a key, a password, a fresh token or a signature</source>
        <translation>Ergänzt die Anmeldung, die die Route verlangt: Schlüssel, Passwort, frisches Token oder Signatur</translation>
    </message>
    <message>
        <source>Name: value</source>
        <translation>Name: Wert</translation>
    </message>
    <message>
        <source>The answer comes here.</source>
        <translation>Hier erscheint die Antwort.</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Kopieren als</translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation>&amp;Methode</translation>
    </message>
    <message>
        <source>&amp;URL</source>
        <translation>&amp;URL</translation>
    </message>
    <message>
        <source>&amp;As</source>
        <translation>&amp;Als</translation>
    </message>
    <message>
        <source>&amp;Headers</source>
        <translation>&amp;Header</translation>
    </message>
    <message>
        <source>&amp;Body</source>
        <translation>&amp;Body</translation>
    </message>
    <message>
        <source>A&amp;nswer</source>
        <translation>Ant&amp;wort</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>Edit and repeat #%1</source>
        <translation>#%1 bearbeiten und wiederholen</translation>
    </message>
    <message>
        <source>This curl line cannot be read: %1</source>
        <translation>Diese curl-Zeile ist nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Wird gesendet…</translation>
    </message>
    <message>
        <source>Not answered: %1</source>
        <translation>Keine Antwort: %1</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>✓ %1</source>
        <translation>✓ %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumerPane</name>
    <message>
        <source>There is a consumer %1 already.</source>
        <translation>Es gibt schon einen Consumer %1.</translation>
    </message>
    <message>
        <source>Created %1, changed %2</source>
        <translation>Angelegt %1, geändert %2</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>Noch nicht gespeichert</translation>
    </message>
    <message>
        <source>C&amp;redentials (%1)</source>
        <translation>Z&amp;ugangsdaten (%1)</translation>
    </message>
    <message>
        <source>%1 cannot authenticate: add a credential.</source>
        <translation>%1 kann sich nicht anmelden: Anmeldung hinzufügen.</translation>
    </message>
    <message>
        <source>Plugins of %1; logins among them stand on the consumer itself</source>
        <translation>Plugins von %1; Anmeldungen darunter stehen am Consumer selbst</translation>
    </message>
    <message>
        <source>Cannot be saved: %1</source>
        <translation>Speichern nicht möglich: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n Änderung nicht gespeichert</numerusform>
            <numerusform>%n Änderungen nicht gespeichert</numerusform>
        </translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Describe %1</source>
        <translation>%1 beschreiben</translation>
    </message>
    <message>
        <source>Edit labels of %1</source>
        <translation>Labels von %1 bearbeiten</translation>
    </message>
    <message>
        <source>an object is expected</source>
        <translation>ein Objekt wird erwartet</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>&quot;plugins&quot; must be an object</source>
        <translation>&quot;plugins&quot; muss ein Objekt sein</translation>
    </message>
    <message>
        <source>Edit plugins of %1</source>
        <translation>Plugins von %1 bearbeiten</translation>
    </message>
    <message>
        <source>Add credential %1</source>
        <translation>Anmeldung %1 hinzufügen</translation>
    </message>
    <message>
        <source>Sa&amp;ve</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>&amp;Mint</source>
        <translation>Ausst&amp;ellen</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>De&amp;tails</source>
        <translation>Deta&amp;ils</translation>
    </message>
    <message>
        <source>C&amp;redentials</source>
        <translation>Z&amp;ugangsdaten</translation>
    </message>
    <message>
        <source>&amp;Plugins</source>
        <translation>&amp;Plugins</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>JS&amp;ON</translation>
    </message>
    <message>
        <source>User &amp;name</source>
        <translation>Benutzerna&amp;me</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Benutzername</translation>
    </message>
    <message>
        <source>D&amp;escription</source>
        <translation>Besch&amp;reibung</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>&amp;Labels</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Add &amp;key</source>
        <translation>Neuer Sch&amp;lüssel</translation>
    </message>
    <message>
        <source>Add &amp;JWT</source>
        <translation>Neues &amp;JWT</translation>
    </message>
    <message>
        <source>Credentials</source>
        <translation>Zugangsdaten</translation>
    </message>
    <message>
        <source>Add a credential of %1</source>
        <translation>Anmeldung der Art %1 hinzufügen</translation>
    </message>
    <message>
        <source>JSON of the object</source>
        <translation>JSON des Objekts</translation>
    </message>
    <message>
        <source>JSON of the plugins</source>
        <translation>JSON der Plugins</translation>
    </message>
    <message>
        <source>Cannot be saved: the user name is not right.</source>
        <translation>Kann nicht gespeichert werden: Der Benutzername ist nicht richtig.</translation>
    </message>
    <message>
        <source>Cannot be saved: %1 is not right.</source>
        <translation>Kann nicht gespeichert werden: %1 ist nicht richtig.</translation>
    </message>
    <message>
        <source>Cannot be saved: the JSON is not right.</source>
        <translation>Kann nicht gespeichert werden: Das JSON ist nicht richtig.</translation>
    </message>
    <message>
        <source>Remove label %1 of %2</source>
        <translation>Label %1 von %2 entfernen</translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumersModel</name>
    <message>
        <source>(on the consumer)</source>
        <translation>(am Consumer)</translation>
    </message>
    <message>
        <source>%1, changed</source>
        <translation>%1, geändert</translation>
    </message>
    <message>
        <source>user name or id</source>
        <translation>Benutzername oder ID</translation>
    </message>
    <message>
        <source>label=value</source>
        <translation>label=wert</translation>
    </message>
    <message>
        <source>kind of credential</source>
        <translation>Art der Anmeldung</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>what there is</source>
        <translation>was vorhanden ist</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Credentials</source>
        <translation>Zugangsdaten</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>Gesehen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumersPage</name>
    <message>
        <source>Consumers</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>No consumers yet.</source>
        <translation>Noch keine Consumer.</translation>
    </message>
    <message>
        <source>&amp;New consumer</source>
        <translation>&amp;Neuer Consumer</translation>
    </message>
    <message>
        <source>&amp;Load the sample &quot;petstore&quot;</source>
        <translation>Beispiel „petstore“ &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Clear filter</source>
        <translation>&amp;Filter leeren</translation>
    </message>
    <message>
        <source>Select a consumer to edit it.</source>
        <translation>Einen Consumer zum Bearbeiten auswählen.</translation>
    </message>
    <message>
        <source>Ne&amp;w</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>New consumer</source>
        <translation>Neuer Consumer</translation>
    </message>
    <message>
        <source>Filter, as type:jwt-auth is:weak</source>
        <translation>Filter, etwa type:jwt-auth is:weak</translation>
    </message>
    <message>
        <source>No consumer matches &quot;%1&quot;.</source>
        <translation>Kein Consumer passt zu „%1“.</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n consumer(s)</source>
        <translation>
            <numerusform>%1 von %n Consumer</numerusform>
            <numerusform>%1 von %n Consumern</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n Consumer</numerusform>
            <numerusform>%n Consumer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>! %n warning(s)</source>
        <translation>
            <numerusform>! %n Warnung</numerusform>
            <numerusform>! %n Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Add a credential: %1</source>
        <translation>Anmeldung hinzufügen: %1</translation>
    </message>
    <message>
        <source>&amp;Rotate the secret</source>
        <translation>&amp;Geheimnis erneuern</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren…</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Configurations (*.yaml *.yml *.json)</source>
        <translation>Konfigurationen (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>credential of %1</source>
        <translation>Anmeldung von %1</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>%1 duplizieren</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n object(s)</source>
        <translation>
            <numerusform>%n Objekt löschen</numerusform>
            <numerusform>%n Objekte löschen</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete credential %1</source>
        <translation>Anmeldung %1 löschen</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>%1 löschen</translation>
    </message>
    <message numerus="yes">
        <source>Move %n credential(s) to %1</source>
        <translation>
            <numerusform>%n Anmeldung zu %1 verschieben</numerusform>
            <numerusform>%n Anmeldungen zu %1 verschieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Load the sample &quot;petstore&quot;</source>
        <translation>Beispiel „petstore“ laden</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>%1 would be refused: %2</source>
        <translation>%1 würde abgelehnt: %2</translation>
    </message>
    <message>
        <source>Filter by this</source>
        <translation>Hiernach filtern</translation>
    </message>
    <message>
        <source>Exclude this</source>
        <translation>Dies ausschließen</translation>
    </message>
    <message>
        <source>La&amp;bels of the selected consumers…</source>
        <translation>La&amp;bels der ausgewählten Consumer…</translation>
    </message>
    <message>
        <source>E&amp;xport the selected consumers…</source>
        <translation>Ausgewählte Consumer e&amp;xportieren…</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n consumer(s)</source>
        <translation>
            <numerusform>%n Consumer löschen</numerusform>
            <numerusform>%n Consumer löschen</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one or several consumers first.</source>
        <translation>Wählen Sie zuerst einen oder mehrere Consumer.</translation>
    </message>
    <message numerus="yes">
        <source>Label %n consumer(s)</source>
        <translation>
            <numerusform>Labels von %n Consumer ändern</numerusform>
            <numerusform>Labels von %n Consumern ändern</numerusform>
        </translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>Geheimnisse sind gesperrt.</translation>
    </message>
</context>
<context>
    <name>postern::gui::CredentialCard</name>
    <message>
        <source>Edit this login on the JSON tab.</source>
        <translation>Diese Anmeldung im Reiter JSON bearbeiten.</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>Erneuern</translation>
    </message>
    <message>
        <source>Generate…</source>
        <translation>Erzeugen…</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>Ausstellen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Edit credential %1</source>
        <translation>Anmeldung %1 bearbeiten</translation>
    </message>
    <message>
        <source>On the consumer</source>
        <translation>Am Consumer</translation>
    </message>
    <message>
        <source>  ·  changed</source>
        <translation>  ·  geändert</translation>
    </message>
    <message>
        <source>Go to the other</source>
        <translation>Zur anderen</translation>
    </message>
    <message>
        <source>Go to the other: %1</source>
        <translation>Zur anderen: %1</translation>
    </message>
    <message>
        <source>Rotate %1</source>
        <translation>%1 erneuern</translation>
    </message>
    <message>
        <source>New secret for %1</source>
        <translation>Neues Geheimnis für %1</translation>
    </message>
    <message>
        <source>New key pair for %1</source>
        <translation>Neues Schlüsselpaar für %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::ExportDialog</name>
    <message>
        <source>&amp;References to environment variables: the file holds no secret</source>
        <translation>Ve&amp;rweise auf Umgebungsvariablen: in der Datei steht kein Geheimnis</translation>
    </message>
    <message>
        <source>Real &amp;values: whoever reads the file can use them</source>
        <translation>&amp;Echte Werte: wer die Datei liest, kann sie benutzen</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Speichern unter…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message numerus="yes">
        <source>Export %n consumer(s)</source>
        <translation>
            <numerusform>%n Consumer exportieren</numerusform>
            <numerusform>%n Consumer exportieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Secrets are written as</source>
        <translation>Geheimnisse schreiben als</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>Geheimnisse sind gesperrt.</translation>
    </message>
    <message>
        <source>postern.yaml, for Postern</source>
        <translation>postern.yaml, für Postern</translation>
    </message>
    <message>
        <source>apisix.yaml, for APISIX without a store</source>
        <translation>apisix.yaml, für APISIX ohne Ablage</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Choose how secrets are written.</source>
        <translation>Wählen Sie, wie Geheimnisse geschrieben werden.</translation>
    </message>
    <message>
        <source>Only you will be able to read the file.</source>
        <translation>Nur Sie werden die Datei lesen können.</translation>
    </message>
    <message>
        <source>Nothing in it is secret.</source>
        <translation>Nichts darin ist geheim.</translation>
    </message>
    <message numerus="yes">
        <source>The gateway must have %n variable(s): %1</source>
        <translation>
            <numerusform>Das Gateway muss %n Variable haben: %1</numerusform>
            <numerusform>Das Gateway muss %n Variablen haben: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 could not be written.</source>
        <translation>%1 konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>Nach %1 exportiert</translation>
    </message>
    <message>
        <source>&amp;Left out, since no gateway would load it from the file</source>
        <translation>&amp;Weggelassen, weil kein Gateway es aus der Datei laden würde</translation>
    </message>
    <message>
        <source>Export configuration</source>
        <translation>Konfiguration exportieren</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>All consumers</source>
        <translation>Alle Consumer</translation>
    </message>
    <message>
        <source>The selected consumers</source>
        <translation>Die ausgewählten Consumer</translation>
    </message>
    <message>
        <source>&amp;What</source>
        <translation>W&amp;as</translation>
    </message>
    <message>
        <source>apisix.json, for APISIX without a store</source>
        <translation>apisix.json, für APISIX ohne Ablage</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Weggelassen</translation>
    </message>
    <message>
        <source>&amp;Preview, secrets masked</source>
        <translation>&amp;Vorschau, Geheimnisse verdeckt</translation>
    </message>
    <message>
        <source>Preview, secrets masked</source>
        <translation>Vorschau, Geheimnisse verdeckt</translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n Consumer</numerusform>
            <numerusform>%n Consumer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n Anmeldung</numerusform>
            <numerusform>%n Anmeldungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n anderes Objekt</numerusform>
            <numerusform>%n andere Objekte</numerusform>
        </translation>
    </message>
    <message>
        <source>with the changes that are not saved yet</source>
        <translation>mit den noch nicht gespeicherten Änderungen</translation>
    </message>
    <message>
        <source>Being made…</source>
        <translation>Wird erzeugt…</translation>
    </message>
    <message>
        <source>There is nothing to export.</source>
        <translation>Es gibt nichts zu exportieren.</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>Konfigurationen</translation>
    </message>
</context>
<context>
    <name>postern::gui::FieldModel</name>
    <message>
        <source>◀ %1</source>
        <translation>◀ %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Genutzt von</translation>
    </message>
</context>
<context>
    <name>postern::gui::FilterEdit</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Completions</source>
        <translation>Vervollständigungen</translation>
    </message>
</context>
<context>
    <name>postern::gui::GatewayBar</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neustart</translation>
    </message>
    <message>
        <source>Clock: real</source>
        <translation>Uhr: echt</translation>
    </message>
    <message>
        <source>The gateway does not start.</source>
        <translation>Das Gateway startet nicht.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop the gateway (Shift+F5)</source>
        <translation>Gateway stoppen (Umschalt+F5)</translation>
    </message>
    <message>
        <source>Start the gateway (F5)</source>
        <translation>Gateway starten (F5)</translation>
    </message>
    <message>
        <source>Stop and start the gateway (F5)</source>
        <translation>Gateway stoppen und starten (F5)</translation>
    </message>
    <message>
        <source>no store is open</source>
        <translation>keine Ablage ist geöffnet</translation>
    </message>
    <message>
        <source>○ stopped</source>
        <translation>○ gestoppt</translation>
    </message>
    <message>
        <source>… starting</source>
        <translation>… startet</translation>
    </message>
    <message>
        <source>● running</source>
        <translation>● läuft</translation>
    </message>
    <message>
        <source>● attached</source>
        <translation>● verbunden</translation>
    </message>
    <message>
        <source>! does not answer</source>
        <translation>! antwortet nicht</translation>
    </message>
    <message>
        <source>Proxy %1:%2</source>
        <translation>Proxy %1:%2</translation>
    </message>
    <message>
        <source>Copy the proxy&apos;s URL, %1</source>
        <translation>URL des Proxys kopieren, %1</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>Admin :%1</source>
        <translation>Admin :%1</translation>
    </message>
    <message>
        <source>Copy the Admin API&apos;s URL, %1</source>
        <translation>URL der Admin-API kopieren, %1</translation>
    </message>
    <message>
        <source>+30 &amp;s</source>
        <translation>+30 &amp;s</translation>
    </message>
    <message>
        <source>+1 &amp;h</source>
        <translation>+1 &amp;h</translation>
    </message>
    <message>
        <source>+1 &amp;d</source>
        <translation>+1 &amp;d</translation>
    </message>
    <message>
        <source>Set &amp;to…</source>
        <translation>St&amp;ellen…</translation>
    </message>
    <message>
        <source>&amp;Freeze</source>
        <translation>Ein&amp;frieren</translation>
    </message>
    <message>
        <source>Let it &amp;run</source>
        <translation>&amp;Laufen lassen</translation>
    </message>
    <message>
        <source>&amp;Real time</source>
        <translation>Echt&amp;zeit</translation>
    </message>
    <message>
        <source>Clock: frozen at %1</source>
        <translation>Uhr: eingefroren bei %1</translation>
    </message>
    <message>
        <source>Clock: set, %1</source>
        <translation>Uhr: gestellt, %1</translation>
    </message>
    <message>
        <source>The gateway&apos;s time: claims, windows and caches follow it</source>
        <translation>Die Zeit des Gateways: Claims, Zeitfenster und Caches richten sich danach</translation>
    </message>
    <message>
        <source>Set the gateway&apos;s clock</source>
        <translation>Uhr des Gateways stellen</translation>
    </message>
    <message>
        <source>&amp;Time (RFC 3339, UNIX seconds, +90s, -1h):</source>
        <translation>&amp;Zeit (RFC 3339, UNIX-Sekunden, +90s, -1h):</translation>
    </message>
    <message>
        <source>This is not a time: %1</source>
        <translation>Dies ist keine Zeit: %1</translation>
    </message>
    <message>
        <source>Port taken</source>
        <translation>Port belegt</translation>
    </message>
    <message>
        <source>Port %1 is used by another program.</source>
        <translation>Port %1 wird von einem anderen Programm benutzt.</translation>
    </message>
    <message>
        <source>Use a &amp;free port</source>
        <translation>&amp;Freien Port nehmen</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Wählen…</translation>
    </message>
    <message>
        <source>Choose a port</source>
        <translation>Port wählen</translation>
    </message>
    <message>
        <source>&amp;Port of the proxy:</source>
        <translation>&amp;Port des Proxys:</translation>
    </message>
</context>
<context>
    <name>postern::gui::GatewayPage</name>
    <message>
        <source>Gateway</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>Traffic and routes</source>
        <translation>Verkehr und Routen</translation>
    </message>
    <message>
        <source>Tra&amp;ffic</source>
        <translation>Ver&amp;kehr</translation>
    </message>
    <message>
        <source>R&amp;outes (%1)</source>
        <translation>&amp;Routen (%1)</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) came too fast and are not in the list.</source>
        <translation>
            <numerusform>%n Anfrage kam zu schnell und fehlt in der Liste.</numerusform>
            <numerusform>%n Anfragen kamen zu schnell und fehlen in der Liste.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Start or restart</source>
        <translation>&amp;Starten oder neu starten</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;toppen</translation>
    </message>
    <message>
        <source>Clock: +30 s</source>
        <translation>Uhr: +30 s</translation>
    </message>
    <message>
        <source>Clock: +1 &amp;h</source>
        <translation>Uhr: +1 &amp;h</translation>
    </message>
    <message>
        <source>Clock: rea&amp;l time</source>
        <translation>Uhr: &amp;Echtzeit</translation>
    </message>
    <message>
        <source>&amp;New request…</source>
        <translation>&amp;Neue Anfrage…</translation>
    </message>
    <message>
        <source>&amp;Pause or resume traffic</source>
        <translation>Verkehr an&amp;halten oder fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Clear traffic</source>
        <translation>Verkehr &amp;leeren</translation>
    </message>
    <message>
        <source>&amp;Repeat</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Repeat with a &amp;fresh login</source>
        <translation>Mit &amp;frischer Anmeldung wiederholen</translation>
    </message>
    <message>
        <source>Repeat &amp;as another consumer…</source>
        <translation>&amp;Als anderer Consumer wiederholen…</translation>
    </message>
    <message>
        <source>Repeat &amp;without login</source>
        <translation>&amp;Ohne Anmeldung wiederholen</translation>
    </message>
    <message>
        <source>&amp;Edit and repeat…</source>
        <translation>Bearbeiten &amp;und wiederholen…</translation>
    </message>
    <message>
        <source>C&amp;ompare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Mark the request</source>
        <translation>Anfrage &amp;markieren</translation>
    </message>
    <message>
        <source>Comment on the re&amp;quest…</source>
        <translation>Anfrage &amp;kommentieren…</translation>
    </message>
    <message>
        <source>Record headers and &amp;bodies</source>
        <translation>Header und &amp;Bodys aufzeichnen</translation>
    </message>
    <message>
        <source>E&amp;xport HTTP archive…</source>
        <translation>HTTP-Archiv e&amp;xportieren…</translation>
    </message>
    <message>
        <source>&amp;Import HTTP archive…</source>
        <translation>HTTP-Archiv &amp;importieren…</translation>
    </message>
    <message>
        <source>No request is selected.</source>
        <translation>Keine Anfrage ist ausgewählt.</translation>
    </message>
    <message>
        <source>There is only one request.</source>
        <translation>Es gibt nur eine Anfrage.</translation>
    </message>
    <message>
        <source>No gateway runs.</source>
        <translation>Kein Gateway läuft.</translation>
    </message>
    <message>
        <source>No gateway runs in this window.</source>
        <translation>In diesem Fenster läuft kein Gateway.</translation>
    </message>
    <message>
        <source>There is no store to run a gateway on.</source>
        <translation>Es gibt keine Ablage für ein Gateway.</translation>
    </message>
    <message>
        <source>route</source>
        <translation>Route</translation>
    </message>
    <message>
        <source>request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Copy &amp;as</source>
        <translation>Kopie&amp;ren als</translation>
    </message>
    <message>
        <source>secrets are locked</source>
        <translation>Geheimnisse sind gesperrt</translation>
    </message>
    <message>
        <source>The request was not sent.</source>
        <translation>Die Anfrage wurde nicht gesendet.</translation>
    </message>
    <message>
        <source>Repeat as another consumer</source>
        <translation>Als anderer Consumer wiederholen</translation>
    </message>
    <message>
        <source>&amp;Consumer:</source>
        <translation>&amp;Consumer:</translation>
    </message>
    <message>
        <source>Nothing was copied.</source>
        <translation>Nichts wurde kopiert.</translation>
    </message>
    <message>
        <source>Export HTTP archive</source>
        <translation>HTTP-Archiv exportieren</translation>
    </message>
    <message>
        <source>HTTP archives (*.har)</source>
        <translation>HTTP-Archive (*.har)</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) saved, secrets replaced.</source>
        <translation>
            <numerusform>%n Anfrage gespeichert, Geheimnisse ersetzt.</numerusform>
            <numerusform>%n Anfragen gespeichert, Geheimnisse ersetzt.</numerusform>
        </translation>
    </message>
    <message>
        <source>The archive was not written.</source>
        <translation>Das Archiv wurde nicht geschrieben.</translation>
    </message>
    <message>
        <source>Import HTTP archive</source>
        <translation>HTTP-Archiv importieren</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 ist nicht lesbar.</translation>
    </message>
    <message>
        <source>This is not an HTTP archive.</source>
        <translation>Dies ist kein HTTP-Archiv.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) read.</source>
        <translation>
            <numerusform>%n Anfrage gelesen.</numerusform>
            <numerusform>%n Anfragen gelesen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Decide again at another &amp;time…</source>
        <translation>Zu anderer &amp;Zeit neu entscheiden…</translation>
    </message>
    <message>
        <source>A&amp;llow…</source>
        <translation>&amp;Zulassen…</translation>
    </message>
    <message>
        <source>No consumer was refused here.</source>
        <translation>Hier wurde kein Consumer abgelehnt.</translation>
    </message>
    <message>
        <source>A&amp;llow %1…</source>
        <translation>%1 &amp;zulassen…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) of the access matrix change:</source>
        <translation>
            <numerusform>%n Zelle der Zugriffsmatrix ändert sich:</numerusform>
            <numerusform>%n Zellen der Zugriffsmatrix ändern sich:</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 on %2: %3 → %4</source>
        <translation>%1 auf %2: %3 → %4</translation>
    </message>
    <message>
        <source>(nobody)</source>
        <translation>(niemand)</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Zulassen</translation>
    </message>
    <message>
        <source>Let %1 in?</source>
        <translation>%1 einlassen?</translation>
    </message>
    <message>
        <source>&amp;Stage the change</source>
        <translation>Änderung &amp;vormerken</translation>
    </message>
    <message>
        <source>Staged. Save the changes, then repeat the request.</source>
        <translation>Vorgemerkt. Die Änderungen sichern, dann die Anfrage wiederholen.</translation>
    </message>
    <message>
        <source>Decide again at another time</source>
        <translation>Zu anderer Zeit neu entscheiden</translation>
    </message>
    <message>
        <source>&amp;Time: a UTC time, UNIX seconds, +1h, -30s. Nothing is sent.</source>
        <translation>&amp;Zeit: UTC-Zeit, UNIX-Sekunden, +1h, -30s. Es wird nichts gesendet.</translation>
    </message>
    <message>
        <source>#%1 at %2</source>
        <translation>#%1 um %2</translation>
    </message>
    <message>
        <source>Trace (JSON)</source>
        <translation>Trace (JSON)</translation>
    </message>
    <message>
        <source>New ro&amp;ute</source>
        <translation>Neue Ro&amp;ute</translation>
    </message>
    <message>
        <source>The gateway does not answer.</source>
        <translation>Das Gateway antwortet nicht.</translation>
    </message>
</context>
<context>
    <name>postern::gui::GeneratorDialog</name>
    <message>
        <source>New secret</source>
        <translation>Neues Geheimnis</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>Generate a secret</source>
        <translation>Geheimnis erzeugen</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>&amp;Kind</source>
        <translation>&amp;Art</translation>
    </message>
    <message>
        <source>&amp;Secret</source>
        <translation>&amp;Geheimnis</translation>
    </message>
    <message>
        <source>A&amp;gain</source>
        <translation>&amp;Nochmal</translation>
    </message>
    <message>
        <source>Select a credential first.</source>
        <translation>Zuerst eine Anmeldung auswählen.</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s) of entropy</source>
        <translation>
            <numerusform>%n Bit Entropie</numerusform>
            <numerusform>%n Bit Entropie</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the &amp;public key</source>
        <translation>Öffentlichen Schlüssel ko&amp;pieren</translation>
    </message>
    <message>
        <source>%1 key pair</source>
        <translation>Schlüsselpaar %1</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>&amp;Form</source>
        <translation>&amp;Form</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>Öffentlicher Schlüssel</translation>
    </message>
    <message>
        <source>Pu&amp;blic key</source>
        <translation>Ö&amp;ffentlicher Schlüssel</translation>
    </message>
    <message>
        <source>Pri&amp;vate key</source>
        <translation>Pri&amp;vater Schlüssel</translation>
    </message>
    <message>
        <source>Being made…</source>
        <translation>Wird erzeugt…</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s) of security; the public key is for everybody, the private key for nobody else.</source>
        <translation>
            <numerusform>%n Bit Sicherheit; der öffentliche Schlüssel ist für alle, der private für niemanden sonst.</numerusform>
            <numerusform>%n Bit Sicherheit; der öffentliche Schlüssel ist für alle, der private für niemanden sonst.</numerusform>
        </translation>
    </message>
    <message>
        <source>The credential takes no key pair.</source>
        <translation>Die Anmeldung nimmt kein Schlüsselpaar.</translation>
    </message>
    <message>
        <source>%1 takes another kind of key.</source>
        <translation>%1 braucht eine andere Art von Schlüssel.</translation>
    </message>
</context>
<context>
    <name>postern::gui::ImportDialog</name>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <translation>%1: %2.</translation>
    </message>
    <message>
        <source>Nothing to import</source>
        <translation>Nichts zu importieren</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) are there already and will be replaced.</source>
        <translation>
            <numerusform>%n Objekt ist schon vorhanden und wird ersetzt.</numerusform>
            <numerusform>%n Objekte sind schon vorhanden und werden ersetzt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Leave out what is not valid</source>
        <translation>Ungültiges aus&amp;lassen</translation>
    </message>
    <message>
        <source>There is nothing that could be imported.</source>
        <translation>Es gibt nichts, was importiert werden könnte.</translation>
    </message>
    <message>
        <source>It is being checked by the gateway&apos;s rules.</source>
        <translation>Wird nach den Regeln des Gateways geprüft.</translation>
    </message>
    <message numerus="yes">
        <source>Cannot be imported: the gateway would refuse %n object(s).</source>
        <translation>
            <numerusform>Kann nicht importiert werden: Das Gateway würde %n Objekt ablehnen.</numerusform>
            <numerusform>Kann nicht importiert werden: Das Gateway würde %n Objekte ablehnen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be imported: secrets are locked.</source>
        <translation>Kann nicht importiert werden: Geheimnisse sind gesperrt.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of the file are not valid.</source>
        <translation>
            <numerusform>%n Objekt der Datei ist ungültig.</numerusform>
            <numerusform>%n Objekte der Datei sind ungültig.</numerusform>
        </translation>
    </message>
    <message>
        <source>Faults and warnings</source>
        <translation>Fehler und Warnungen</translation>
    </message>
    <message>
        <source>Objects to be imported</source>
        <translation>Zu importierende Objekte</translation>
    </message>
    <message>
        <source>&amp;Objects to be imported</source>
        <translation>Zu importierende &amp;Objekte</translation>
    </message>
    <message numerus="yes">
        <source>%n fault(s)</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::Inspector</name>
    <message>
        <source>Open &amp;route</source>
        <translation>R&amp;oute öffnen</translation>
    </message>
    <message>
        <source>Open &amp;consumer</source>
        <translation>Co&amp;nsumer öffnen</translation>
    </message>
    <message>
        <source>Open in &amp;debugger</source>
        <translation>Im D&amp;ebugger öffnen</translation>
    </message>
    <message>
        <source>Raw exchange</source>
        <translation>Roher Austausch</translation>
    </message>
    <message>
        <source>Why this request was decided so</source>
        <translation>Begründung der Entscheidung</translation>
    </message>
    <message>
        <source>Parts of the exchange</source>
        <translation>Teile des Austauschs</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>To upstream</source>
        <translation>An Upstream</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <source>✗ Why #%1 was refused</source>
        <translation>✗ Warum #%1 abgelehnt wurde</translation>
    </message>
    <message>
        <source>? Why #%1 found no route</source>
        <translation>? Warum #%1 keine Route fand</translation>
    </message>
    <message>
        <source>! Why #%1 failed</source>
        <translation>! Warum #%1 fehlschlug</translation>
    </message>
    <message>
        <source>✓ Why #%1 was allowed</source>
        <translation>✓ Warum #%1 erlaubt wurde</translation>
    </message>
    <message>
        <source>#%1, read from an archive</source>
        <translation>#%1, aus einem Archiv gelesen</translation>
    </message>
    <message>
        <source>Repeat of #%1</source>
        <translation>Wiederholung von #%1</translation>
    </message>
    <message>
        <source>This request was not recorded: here is what its trace tells. See “Record headers and bodies” in the menu Gateway.</source>
        <translation>Diese Anfrage wurde nicht aufgezeichnet: Hier steht, was ihr Trace verrät. Siehe „Header und Bodys aufzeichnen“ im Menü Gateway.</translation>
    </message>
    <message>
        <source>Select a request to see why it was decided so.</source>
        <translation>Eine Anfrage auswählen, um die Begründung der Entscheidung zu sehen.</translation>
    </message>
    <message>
        <source>Hidden in privacy mode.</source>
        <translation>Im Privatmodus verborgen.</translation>
    </message>
</context>
<context>
    <name>postern::gui::JsonEditor</name>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
</context>
<context>
    <name>postern::gui::KeyPanel</name>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>Drop &amp;quotes and blanks</source>
        <translation>An&amp;führungs- und Leerzeichen weg</translation>
    </message>
    <message>
        <source>&amp;Pin this key</source>
        <translation>Schlüssel &amp;verwenden</translation>
    </message>
    <message>
        <source>the token&apos;s own key</source>
        <translation>der eigene Schlüssel des Tokens</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>A key file (PEM, JWK, JWKS, certificate) can be dropped here.</source>
        <translation>Hier lässt sich eine Schlüsseldatei (PEM, JWK, JWKS, Zertifikat) ablegen.</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>Schl&amp;üssel</translation>
    </message>
    <message>
        <source>Type or paste the secret</source>
        <translation>Geheimnis eingeben oder einfügen</translation>
    </message>
    <message>
        <source>How the secret is written</source>
        <translation>Schreibweise des Geheimnisses</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>base64</source>
        <translation>base64</translation>
    </message>
    <message>
        <source>base64url</source>
        <translation>base64url</translation>
    </message>
    <message>
        <source>hex</source>
        <translation>hex</translation>
    </message>
    <message numerus="yes">
        <source>All my keys (%n)</source>
        <translation>
            <numerusform>Alle eigenen Schlüssel (%n)</numerusform>
            <numerusform>Alle eigenen Schlüssel (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>A secret…</source>
        <translation>Ein Geheimnis…</translation>
    </message>
    <message>
        <source>%1 of %2 bytes for %3</source>
        <translation>%1 von %2 Bytes für %3</translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>! %1: short</source>
        <translation>! %1: kurz</translation>
    </message>
    <message>
        <source>! a well-known sample secret; %1</source>
        <translation>! ein bekanntes Beispielgeheimnis; %1</translation>
    </message>
    <message>
        <source>✗ not %1: %2</source>
        <translation>✗ nicht %1: %2</translation>
    </message>
    <message>
        <source>No consumer has a JWT credential. Drop a key file here, or type a secret.</source>
        <translation>Kein Consumer hat eine JWT-Anmeldung. Schlüsseldatei hier ablegen oder ein Geheimnis eingeben.</translation>
    </message>
    <message>
        <source>The token brings a key of its own (thumbprint %1). That proves nothing: anybody can put one there.</source>
        <translation>Das Token bringt einen eigenen Schlüssel mit (Fingerabdruck %1). Das beweist nichts: Jeder kann einen hineinsetzen.</translation>
    </message>
    <message>
        <source>The token says where its key is. That proves nothing, and nothing is fetched.</source>
        <translation>Das Token nennt den Ort seines Schlüssels. Das beweist nichts, und es wird nichts abgerufen.</translation>
    </message>
    <message>
        <source>%1 holds no key: %2</source>
        <translation>%1 enthält keinen Schlüssel: %2</translation>
    </message>
    <message>
        <source>pasted text</source>
        <translation>eingefügter Text</translation>
    </message>
    <message>
        <source>Encrypted key</source>
        <translation>Verschlüsselter Schlüssel</translation>
    </message>
    <message>
        <source>This passphrase does not open %1. &amp;Passphrase:</source>
        <translation>Diese Passphrase öffnet %1 nicht. &amp;Passphrase:</translation>
    </message>
    <message>
        <source>%1 is encrypted. &amp;Passphrase:</source>
        <translation>%1 ist verschlüsselt. &amp;Passphrase:</translation>
    </message>
</context>
<context>
    <name>postern::gui::LabelChips</name>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Label %1</source>
        <translation>Label %1</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Add a label</source>
        <translation>Label hinzufügen</translation>
    </message>
    <message>
        <source>Label, as name=value</source>
        <translation>Label, als Name=Wert</translation>
    </message>
    <message>
        <source>name=value</source>
        <translation>Name=Wert</translation>
    </message>
    <message>
        <source>Enter edits it, Del removes it</source>
        <translation>Eingabe bearbeitet es, Entf entfernt es</translation>
    </message>
    <message>
        <source>%1: a click edits it, Del or the cross removes it</source>
        <translation>%1: ein Klick bearbeitet es, Entf oder das Kreuz entfernt es</translation>
    </message>
</context>
<context>
    <name>postern::gui::LabelsDialog</name>
    <message numerus="yes">
        <source>Labels of %n consumer(s)</source>
        <translation>
            <numerusform>Labels von %n Consumer</numerusform>
            <numerusform>Labels von %n Consumern</numerusform>
        </translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>They have no labels yet.</source>
        <translation>Sie haben noch keine Labels.</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>&amp;Labels</translation>
    </message>
    <message>
        <source>&amp;Add a label to all of them</source>
        <translation>&amp;Allen ein Label geben</translation>
    </message>
    <message>
        <source>New label, as name=value</source>
        <translation>Neues Label, als Name=Wert</translation>
    </message>
    <message>
        <source>name=value</source>
        <translation>Name=Wert</translation>
    </message>
    <message>
        <source>A&amp;pply</source>
        <translation>An&amp;wenden</translation>
    </message>
    <message>
        <source>A label is written as name=value.</source>
        <translation>Ein Label schreibt man als Name=Wert.</translation>
    </message>
</context>
<context>
    <name>postern::gui::LockBanner</name>
    <message>
        <source>Un&amp;lock</source>
        <translation>Entspe&amp;rren</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Locked: secrets are sealed, nothing can be changed. The gateway runs on.</source>
        <translation>Gesperrt: Geheimnisse sind versiegelt, nichts kann geändert werden. Das Gateway läuft weiter.</translation>
    </message>
</context>
<context>
    <name>postern::gui::MainWindow</name>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;as curl or JSON</source>
        <translation>&amp;Als curl oder JSON kopieren</translation>
    </message>
    <message>
        <source>Copy name or &amp;id</source>
        <translation>Name oder &amp;ID kopieren</translation>
    </message>
    <message>
        <source>Copy UR&amp;L</source>
        <translation>UR&amp;L kopieren</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>D&amp;elete</source>
        <translation>Lös&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Filter</source>
        <translation>&amp;Filtern</translation>
    </message>
    <message>
        <source>&amp;Main action of the page</source>
        <translation>&amp;Hauptaktion der Seite</translation>
    </message>
    <message>
        <source>&amp;Mint for the selected consumer</source>
        <translation>Für gewählten Consumer &amp;ausstellen</translation>
    </message>
    <message>
        <source>&amp;Generate a secret…</source>
        <translation>&amp;Geheimnis erzeugen…</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>&amp;Inspektor</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Abgelehnt: %1</translation>
    </message>
    <message>
        <source>No page shows %1.</source>
        <translation>Keine Seite zeigt %1.</translation>
    </message>
    <message>
        <source>Mint a token for %1</source>
        <translation>Token für %1 ausstellen</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>New store</source>
        <translation>Neue Ablage</translation>
    </message>
    <message>
        <source>Open a store</source>
        <translation>Ablage öffnen</translation>
    </message>
    <message>
        <source>Postern stores (*.postern *.db);;All files (*)</source>
        <translation>Postern-Ablagen (*.postern *.db);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Un&amp;lock secrets</source>
        <translation>Geheimnisse entsp&amp;erren</translation>
    </message>
    <message>
        <source>&amp;Lock secrets</source>
        <translation>Geheimnisse sp&amp;erren</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>Geheimnisse sind gesperrt.</translation>
    </message>
    <message>
        <source>%1[*] – %2</source>
        <translation>%1[*] – %2</translation>
    </message>
    <message>
        <source>%1 – Postern</source>
        <translation>%1 – Postern</translation>
    </message>
    <message>
        <source>Nothing has changed.</source>
        <translation>Nichts ist geändert.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Nichts wiederherzustellen.</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>&amp;Wiederherstellen: %1</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>Nothing here knows this text.</source>
        <translation>Mit diesem Text kann hier nichts umgehen.</translation>
    </message>
    <message>
        <source>Nothing here knows how to open %1.</source>
        <translation>%1 lässt sich hier nicht öffnen.</translation>
    </message>
    <message>
        <source>Tokens, keys (PEM, JWK), curl lines and configurations can be dropped or pasted.</source>
        <translation>Tokens, Schlüssel (PEM, JWK), curl-Zeilen und Konfigurationen lassen sich ablegen oder einfügen.</translation>
    </message>
    <message>
        <source>Save changes?</source>
        <translation>Änderungen speichern?</translation>
    </message>
    <message>
        <source>There are changes that are not saved.</source>
        <translation>Es gibt nicht gespeicherte Änderungen.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Don&apos;t save</source>
        <translation>&amp;Nicht speichern</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Consumer</source>
        <translation>&amp;Consumer</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>&amp;Token</translation>
    </message>
    <message>
        <source>&amp;Gateway</source>
        <translation>&amp;Gateway</translation>
    </message>
    <message>
        <source>&amp;Access</source>
        <translation>&amp;Zugriff</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Paste a token, a key or a curl line</source>
        <translation>Token, Schlüssel oder curl-Zeile &amp;einfügen</translation>
    </message>
    <message>
        <source>New s&amp;tore…</source>
        <translation>Neue Abla&amp;ge…</translation>
    </message>
    <message>
        <source>&amp;Attach to a gateway…</source>
        <translation>&amp;Mit einem Gateway verbinden…</translation>
    </message>
    <message>
        <source>&amp;Save changes</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Pre&amp;view changes…</source>
        <translation>&amp;Vorschau der Änderungen…</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>E&amp;instellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;What can be done here</source>
        <translation>&amp;Was hier möglich ist</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>&amp;About Postern</source>
        <translation>Über &amp;Postern</translation>
    </message>
    <message>
        <source>About Postern</source>
        <translation>Über Postern</translation>
    </message>
    <message>
        <source>Postern %1</source>
        <translation>Postern %1</translation>
    </message>
    <message>
        <source>A local API gateway and a token workbench. Nothing leaves this machine unless you send it.

Apache License 2.0</source>
        <translation>Ein lokales API-Gateway und eine Token-Werkbank. Nichts verlässt diesen Rechner, das nicht ausdrücklich gesendet wird.

Apache License 2.0</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Forward</source>
        <translation>&amp;Vorwärts</translation>
    </message>
    <message>
        <source>&amp;Search or run…</source>
        <translation>&amp;Suchen oder ausführen…</translation>
    </message>
    <message>
        <source>&amp;Messages…</source>
        <translation>&amp;Meldungen…</translation>
    </message>
    <message>
        <source>&amp;Navigation: icons or words</source>
        <translation>&amp;Navigation: Symbole oder Wörter</translation>
    </message>
    <message>
        <source>Show or &amp;hide secrets</source>
        <translation>&amp;Geheimnisse zeigen oder verbergen</translation>
    </message>
    <message>
        <source>&amp;Larger text</source>
        <translation>Schrift g&amp;rößer</translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <translation>Schrift &amp;kleiner</translation>
    </message>
    <message>
        <source>&amp;Text as it was</source>
        <translation>Schrift &amp;wie zuvor</translation>
    </message>
    <message>
        <source>Light or &amp;dark</source>
        <translation>Hell oder &amp;dunkel</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>&amp;Layout zurücksetzen</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Search or run…    Ctrl+K</source>
        <translation>Suchen oder ausführen…    Strg+K</translation>
    </message>
    <message>
        <source>Search or run</source>
        <translation>Suchen oder ausführen</translation>
    </message>
    <message>
        <source>The layout is as it was at first.</source>
        <translation>Das Layout ist wie am Anfang.</translation>
    </message>
    <message>
        <source>The gateway at %1 does not answer. Changes are kept, and the window connects again as soon as it is back.</source>
        <translation>Das Gateway unter %1 antwortet nicht. Änderungen bleiben erhalten, und das Fenster verbindet sich wieder, sobald es zurück ist.</translation>
    </message>
    <message>
        <source>The gateway at %1 refuses this window. Changes are kept; attach again with its admin key.</source>
        <translation>Das Gateway unter %1 weist dieses Fenster ab. Änderungen bleiben erhalten; verbinden Sie sich mit seinem Admin-Schlüssel neu.</translation>
    </message>
    <message>
        <source>To start it: %1</source>
        <translation>So wird es gestartet: %1</translation>
    </message>
    <message>
        <source>The gateway at %1 is back.</source>
        <translation>Das Gateway unter %1 ist wieder da.</translation>
    </message>
    <message>
        <source>Nothing was saved, the changes are kept: %1</source>
        <translation>Nichts wurde gespeichert, die Änderungen bleiben erhalten: %1</translation>
    </message>
    <message>
        <source>&amp;Privacy mode</source>
        <translation>&amp;Privatmodus</translation>
    </message>
    <message>
        <source>Your keyboard shortcuts cannot be read; all are as at first.</source>
        <translation>Ihre Tastenkürzel lassen sich nicht lesen; alle sind wie zu Beginn.</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Rückgängig gemacht: %1</translation>
    </message>
    <message>
        <source>Redone: %1</source>
        <translation>Wiederhergestellt: %1</translation>
    </message>
    <message>
        <source>Stores and configurations (*.postern *.db *.yaml *.yml *.json);;All files (*)</source>
        <translation>Ablagen und Konfigurationen (*.postern *.db *.yaml *.yml *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>&amp;Open a store or a configuration…</source>
        <translation>Ablage oder Konfiguration ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>E&amp;xport configuration…</source>
        <translation>Konfiguration e&amp;xportieren…</translation>
    </message>
</context>
<context>
    <name>postern::gui::MatrixDelegate</name>
    <message>
        <source>%1 → %2</source>
        <comment>before, after</comment>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>! %1 (answered otherwise)</source>
        <translation>! %1 (anders beantwortet)</translation>
    </message>
</context>
<context>
    <name>postern::gui::MessagePane</name>
    <message>
        <source>Body of: %1</source>
        <translation>Body von: %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::MintPanel</name>
    <message>
        <source>&amp;Mint again</source>
        <translation>&amp;Neu ausstellen</translation>
    </message>
    <message>
        <source>30 s</source>
        <translation>30 s</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 min</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 h</translation>
    </message>
    <message>
        <source>1 d</source>
        <translation>1 d</translation>
    </message>
    <message>
        <source>no end</source>
        <translation>unbegrenzt</translation>
    </message>
    <message>
        <source>Lifetime: %1</source>
        <translation>Gültigkeit: %1</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Made for</source>
        <translation>Bestimmt für</translation>
    </message>
    <message>
        <source>%1: claim %2</source>
        <translation>%1: Claim %2</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>One claim a line: role=user, admin:=true, exp=+90s</source>
        <translation>Je Zeile ein Claim: role=user, admin:=true, exp=+90s</translation>
    </message>
    <message>
        <source>URL of the curl line</source>
        <translation>URL der curl-Zeile</translation>
    </message>
    <message>
        <source>C&amp;opy token</source>
        <translation>Token ko&amp;pieren</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Cons&amp;umer</source>
        <translation>C&amp;onsumer</translation>
    </message>
    <message>
        <source>Cre&amp;dential</source>
        <translation>An&amp;meldung</translation>
    </message>
    <message>
        <source>Li&amp;fetime</source>
        <translation>Gült&amp;igkeit</translation>
    </message>
    <message>
        <source>Made fo&amp;r</source>
        <translation>B&amp;estimmt für</translation>
    </message>
    <message>
        <source>C&amp;laims</source>
        <translation>C&amp;laims</translation>
    </message>
    <message>
        <source>UR&amp;L</source>
        <translation>U&amp;RL</translation>
    </message>
    <message>
        <source>No consumer has a JWT credential to sign with.</source>
        <translation>Kein Consumer hat eine JWT-Anmeldung zum Signieren.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>inline</source>
        <translation>inline</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>%1 has no JWT credential to sign with.</source>
        <translation>%1 hat keine JWT-Anmeldung zum Signieren.</translation>
    </message>
</context>
<context>
    <name>postern::gui::Navigation</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>postern::gui::NoticeCenter</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Messages, newest first</source>
        <translation>Meldungen, neueste zuerst</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>No messages yet.</source>
        <translation>Noch keine Meldungen.</translation>
    </message>
</context>
<context>
    <name>postern::gui::PreviewDialog</name>
    <message>
        <source>Changes as calls of the Admin API</source>
        <translation>Änderungen als Aufrufe der Admin-API</translation>
    </message>
    <message>
        <source>Calls, in the order they are sent</source>
        <translation>Aufrufe in der Reihenfolge des Sendens</translation>
    </message>
    <message>
        <source>Body of the call</source>
        <translation>Body des Aufrufs</translation>
    </message>
    <message>
        <source>This call has no body.</source>
        <translation>Dieser Aufruf hat keinen Body.</translation>
    </message>
    <message>
        <source>What the call changes</source>
        <translation>Was der Aufruf ändert</translation>
    </message>
    <message>
        <source>Views of the call</source>
        <translation>Ansichten des Aufrufs</translation>
    </message>
    <message>
        <source>&amp;Body</source>
        <translation>&amp;Body</translation>
    </message>
    <message>
        <source>&amp;Difference</source>
        <translation>&amp;Differenz</translation>
    </message>
    <message>
        <source>&amp;Save now</source>
        <translation>Jetzt &amp;speichern</translation>
    </message>
    <message>
        <source>&amp;Copy all</source>
        <translation>&amp;Alles kopieren</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) to /apisix/admin, all or none of them.</source>
        <translation>
            <numerusform>%n Aufruf an /apisix/admin, ganz oder gar nicht.</numerusform>
            <numerusform>%n Aufrufe an /apisix/admin, alle oder keiner.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::RouteModel</name>
    <message>
        <source>%1 (changed)</source>
        <translation>%1 (geändert)</translation>
    </message>
    <message>
        <source>any</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>Route</translation>
    </message>
    <message>
        <source>Host and path</source>
        <translation>Host und Pfad</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
    <message>
        <source>Upstream</source>
        <translation>Upstream</translation>
    </message>
</context>
<context>
    <name>postern::gui::RoutesView</name>
    <message>
        <source>&amp;Send a request…</source>
        <translation>Anfrage &amp;senden…</translation>
    </message>
    <message>
        <source>Routes</source>
        <translation>Routen</translation>
    </message>
    <message>
        <source>The route as JSON</source>
        <translation>Die Route als JSON</translation>
    </message>
    <message>
        <source>There are no routes yet.</source>
        <translation>Es gibt noch keine Routen.</translation>
    </message>
    <message>
        <source>&amp;New route</source>
        <translation>&amp;Neue Route</translation>
    </message>
    <message>
        <source>D&amp;uplicate</source>
        <translation>D&amp;uplizieren</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Copy &amp;JSON</source>
        <translation>&amp;JSON kopieren</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>&amp;Id</translation>
    </message>
    <message>
        <source>&amp;Path</source>
        <translation>&amp;Pfad</translation>
    </message>
    <message>
        <source>&amp;Login</source>
        <translation>An&amp;meldung</translation>
    </message>
    <message>
        <source>Upst&amp;ream</source>
        <translation>Upst&amp;ream</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>There are several paths: see the JSON.</source>
        <translation>Es gibt mehrere Pfade: siehe das JSON.</translation>
    </message>
    <message>
        <source>There is more to the upstream: see the JSON.</source>
        <translation>Zum Upstream gehört mehr: siehe das JSON.</translation>
    </message>
    <message>
        <source>Cannot be saved: %1</source>
        <translation>Kann nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Take the login away from %1</source>
        <translation>%1 die Anmeldung nehmen</translation>
    </message>
    <message>
        <source>Guard %1 with %2</source>
        <translation>%1 mit %2 schützen</translation>
    </message>
    <message>
        <source>an object is expected</source>
        <translation>erwartet wird ein Objekt</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>Geheimnisse sind gesperrt.</translation>
    </message>
    <message>
        <source>New route</source>
        <translation>Neue Route</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>%1 duplizieren</translation>
    </message>
    <message>
        <source>Delete route %1</source>
        <translation>Route %1 löschen</translation>
    </message>
</context>
<context>
    <name>postern::gui::SecretField</name>
    <message>
        <source>Show or hide: %1</source>
        <translation>Zeigen oder verbergen: %1</translation>
    </message>
    <message>
        <source>Copy: %1</source>
        <translation>Kopieren: %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::SettingsDialog</name>
    <message>
        <source>Seconds on the clipboard</source>
        <translation>Sekunden in der Zwischenablage</translation>
    </message>
    <message>
        <source>Minutes until secrets are locked</source>
        <translation>Minuten bis zum Sperren der Geheimnisse</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>From the next start on</source>
        <translation>Ab dem nächsten Start</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>until something else is copied</source>
        <translation>bis anderes kopiert wird</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>&amp;Colours:</source>
        <translation>&amp;Farben:</translation>
    </message>
    <message>
        <source>L&amp;anguage, from the next start on:</source>
        <translation>S&amp;prache, ab dem nächsten Start:</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>Cl&amp;ear the clipboard after:</source>
        <translation>Zwischen&amp;ablage leeren nach:</translation>
    </message>
    <message>
        <source>&amp;Lock when nothing happens for:</source>
        <translation>&amp;Sperren bei Untätigkeit nach:</translation>
    </message>
</context>
<context>
    <name>postern::gui::ShortcutSheet</name>
    <message>
        <source>&amp;Use these keys</source>
        <translation>Tasten &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>&amp;Zurücksetzen</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Filter by command or keys</source>
        <translation>Nach Befehl oder Tasten filtern</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>&amp;New keys:</source>
        <translation>&amp;Neue Tasten:</translation>
    </message>
    <message>
        <source>Taken by “%1”.</source>
        <translation>Belegt durch „%1“.</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>Gespeichert.</translation>
    </message>
</context>
<context>
    <name>postern::gui::StatusBar</name>
    <message numerus="yes">
        <source>Clipboard clears in %n s · clear now</source>
        <translation>
            <numerusform>Zwischenablage wird in %n s geleert · jetzt leeren</numerusform>
            <numerusform>Zwischenablage wird in %n s geleert · jetzt leeren</numerusform>
        </translation>
    </message>
    <message>
        <source>No store</source>
        <translation>Keine Ablage</translation>
    </message>
    <message>
        <source>Gateway stopped</source>
        <translation>Gateway gestoppt</translation>
    </message>
    <message>
        <source>Gateway is starting…</source>
        <translation>Gateway startet…</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Attached</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Gateway does not answer</source>
        <translation>Gateway antwortet nicht</translation>
    </message>
    <message>
        <source>%1 :%2 :%3</source>
        <translation>%1 :%2 :%3</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>● %1 (changed)</source>
        <translation>● %1 (geändert)</translation>
    </message>
    <message>
        <source>Clock frozen at %1</source>
        <translation>Uhr eingefroren bei %1</translation>
    </message>
    <message>
        <source>Clock set: %1</source>
        <translation>Uhr gestellt: %1</translation>
    </message>
    <message>
        <source>Privacy mode</source>
        <translation>Privatmodus</translation>
    </message>
    <message>
        <source>User names, headers and claims are hidden. Click to show them.</source>
        <translation>Benutzernamen, Kopfzeilen und Claims sind verborgen. Ein Klick zeigt sie.</translation>
    </message>
    <message>
        <source>%1 is asked again until it answers.</source>
        <translation>%1 wird gefragt, bis es antwortet.</translation>
    </message>
</context>
<context>
    <name>postern::gui::Toast</name>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>R&amp;ückgängig</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>Details kopieren</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokenDocument</name>
    <message>
        <source>edit token</source>
        <translation>Token bearbeiten</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokenHistory</name>
    <message>
        <source>pasted</source>
        <translation>eingefügt</translation>
    </message>
    <message>
        <source>typed</source>
        <translation>eingegeben</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>signed anew</source>
        <translation>neu signiert</translation>
    </message>
    <message>
        <source>minted</source>
        <translation>ausgestellt</translation>
    </message>
    <message>
        <source>from traffic</source>
        <translation>aus dem Verkehr</translation>
    </message>
    <message>
        <source>broken on purpose</source>
        <translation>absichtlich verfälscht</translation>
    </message>
    <message>
        <source>· no token</source>
        <translation>· kein Token</translation>
    </message>
    <message>
        <source>✗ not a token</source>
        <translation>✗ kein gültiges Token</translation>
    </message>
    <message>
        <source>· encrypted</source>
        <translation>· verschlüsselt</translation>
    </message>
    <message>
        <source>? no key given</source>
        <translation>? kein Schlüssel angegeben</translation>
    </message>
    <message>
        <source>✗ the key does not fit the algorithm</source>
        <translation>✗ der Schlüssel passt nicht zum Algorithmus</translation>
    </message>
    <message>
        <source>? not checked, because the token changed</source>
        <translation>? nicht geprüft, weil das Token geändert ist</translation>
    </message>
    <message>
        <source>… being checked</source>
        <translation>… wird geprüft</translation>
    </message>
    <message>
        <source>✗ refused</source>
        <translation>✗ abgelehnt</translation>
    </message>
    <message>
        <source>✓ accepted</source>
        <translation>✓ angenommen</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokensPage</name>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Pre&amp;tty</source>
        <translation>&amp;Formatiert</translation>
    </message>
    <message>
        <source>No&amp;w</source>
        <translation>&amp;Jetzt</translation>
    </message>
    <message>
        <source>Encoded token</source>
        <translation>Kodiertes Token</translation>
    </message>
    <message>
        <source>Paste a token, a header line or a curl line here.</source>
        <translation>Ein Token, eine Header-Zeile oder eine curl-Zeile hier einfügen.</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Payload</translation>
    </message>
    <message>
        <source>Time of the clock</source>
        <translation>Zeit der Uhr</translation>
    </message>
    <message>
        <source>A date, a UTC time, UNIX seconds, +1h, -30s, or now</source>
        <translation>Ein Datum, eine UTC-Zeit, UNIX-Sekunden, +1h, -30s oder now</translation>
    </message>
    <message>
        <source>Indents what is shown; the token keeps its octets.</source>
        <translation>Rückt die Anzeige ein; das Token behält seine Oktette.</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Judge at the session&apos;s time again</source>
        <translation>Wieder zur Zeit der Sitzung prüfen</translation>
    </message>
    <message>
        <source>About the token</source>
        <translation>Über das Token</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>&amp;Encoded</source>
        <translation>&amp;Kodiert</translation>
    </message>
    <message>
        <source>&amp;Header</source>
        <translation>Heade&amp;r</translation>
    </message>
    <message>
        <source>Pa&amp;yload</source>
        <translation>Pa&amp;yload</translation>
    </message>
    <message>
        <source>Cloc&amp;k</source>
        <translation>&amp;Uhr</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>Ausstellen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Break</source>
        <translation>Verfälschen</translation>
    </message>
    <message>
        <source>Make the token wrong in a known way, to test a verifier</source>
        <translation>Das Token auf bekannte Weise verfälschen, um einen Prüfer zu testen</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Kopieren als</translation>
    </message>
    <message>
        <source>Works offline. Nothing on this page is sent.</source>
        <translation>Arbeitet offline. Nichts auf dieser Seite wird gesendet.</translation>
    </message>
    <message>
        <source>✗ Offset %1: %2</source>
        <translation>✗ Offset %1: %2</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>! %1: longer than any token that is read (%2 bytes)</source>
        <translation>! %1: länger als jedes Token, das gelesen wird (%2 Bytes)</translation>
    </message>
    <message>
        <source>! %1: %2</source>
        <translation>! %1: %2</translation>
    </message>
    <message>
        <source>Encrypted: key by %1 (%2), content by %3. Nothing of it can be read without the key.</source>
        <translation>Verschlüsselt: Schlüssel mit %1 (%2), Inhalt mit %3. Ohne den Schlüssel ist nichts davon lesbar.</translation>
    </message>
    <message numerus="yes">
        <source>JSON form, %n signatures</source>
        <translation>
            <numerusform>JSON-Form, %n Signatur</numerusform>
            <numerusform>JSON-Form, %n Signaturen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Signature: %1, %n bytes</source>
        <translation>
            <numerusform>Signatur: %1, %n Byte</numerusform>
            <numerusform>Signatur: %1, %n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 – new</source>
        <translation>%1 – neu</translation>
    </message>
    <message>
        <source>%1: %2 [%3]</source>
        <translation>%1: %2 [%3]</translation>
    </message>
    <message>
        <source>Remarks (%1)</source>
        <translation>Anmerkungen (%1)</translation>
    </message>
    <message>
        <source>✗ Not taken over: %1</source>
        <translation>✗ Nicht übernommen: %1</translation>
    </message>
    <message>
        <source>Cut off: %1</source>
        <translation>Abgeschnitten: %1</translation>
    </message>
    <message>
        <source>The second token of what was pasted</source>
        <translation>Das zweite Token aus dem Eingefügten</translation>
    </message>
    <message>
        <source>pasted text</source>
        <translation>eingefügter Text</translation>
    </message>
    <message>
        <source>Needs a whole, signed token</source>
        <translation>Braucht ein vollständiges, signiertes Token</translation>
    </message>
    <message>
        <source>Still accepted</source>
        <translation>Weiter angenommen</translation>
    </message>
    <message>
        <source>Refused at: %1</source>
        <translation>Abgelehnt bei: %1</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>&amp;Token</translation>
    </message>
    <message>
        <source>&amp;Header line</source>
        <translation>&amp;Header-Zeile</translation>
    </message>
    <message>
        <source>&amp;curl line</source>
        <translation>&amp;curl-Zeile</translation>
    </message>
    <message>
        <source>&amp;Environment line</source>
        <translation>&amp;Umgebungszeile</translation>
    </message>
    <message>
        <source>&amp;postern token mint …</source>
        <translation>&amp;postern token mint …</translation>
    </message>
    <message>
        <source>There is no token to copy yet.</source>
        <translation>Es gibt noch kein Token zum Kopieren.</translation>
    </message>
    <message>
        <source>&amp;Copy token</source>
        <translation>Token &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy token as &amp;header line</source>
        <translation>Token als &amp;Header-Zeile kopieren</translation>
    </message>
    <message>
        <source>Copy token as c&amp;url line</source>
        <translation>Token als &amp;curl-Zeile kopieren</translation>
    </message>
    <message>
        <source>Copy as &amp;postern token mint</source>
        <translation>Als &amp;postern token mint kopieren</translation>
    </message>
    <message>
        <source>&amp;Re-sign</source>
        <translation>Neu &amp;signieren</translation>
    </message>
    <message>
        <source>Find out &amp;why the signature does not fit</source>
        <translation>Herausfinden, &amp;warum die Signatur nicht passt</translation>
    </message>
    <message>
        <source>C&amp;ompare with another token</source>
        <translation>Mit anderem Token &amp;vergleichen</translation>
    </message>
    <message>
        <source>Indent header and pa&amp;yload</source>
        <translation>Header und Payload &amp;einrücken</translation>
    </message>
    <message>
        <source>Judge at the session&apos;s &amp;time</source>
        <translation>Zur Zeit der Sit&amp;zung prüfen</translation>
    </message>
    <message>
        <source>✗ error</source>
        <translation>✗ Fehler</translation>
    </message>
    <message>
        <source>! warning</source>
        <translation>! Warnung</translation>
    </message>
    <message>
        <source>· note</source>
        <translation>· Hinweis</translation>
    </message>
    <message>
        <source>Fi&amp;x: %1</source>
        <translation>Be&amp;heben: %1</translation>
    </message>
    <message>
        <source>No fi&amp;x for this remark</source>
        <translation>Nichts zu be&amp;heben an dieser Anmerkung</translation>
    </message>
    <message>
        <source>Changes the token so, and signs it anew where a key can</source>
        <translation>Ändert das Token so und signiert es neu, wo ein Schlüssel es kann</translation>
    </message>
    <message>
        <source>Apply the fix of the chosen re&amp;mark</source>
        <translation>Gewählte An&amp;merkung beheben</translation>
    </message>
</context>
<context>
    <name>postern::gui::TraceDelegate</name>
    <message>
        <source>%1: %2</source>
        <comment>Fix: add sales to the list</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>postern::gui::TraceModel</name>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>Nicht erreicht</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Abhilfe</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>noted</source>
        <translation>vermerkt</translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficModel</name>
    <message>
        <source>↻ #%1  %2</source>
        <translation>↻ #%1  %2</translation>
    </message>
    <message>
        <source>Repeat of #%1</source>
        <translation>Wiederholung von #%1</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>Route</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>Consumer</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficPlot</name>
    <message>
        <source>Requests a second, last minute</source>
        <translation>Anfragen pro Sekunde, letzte Minute</translation>
    </message>
    <message>
        <source>Latency, last minute</source>
        <translation>Latenz, letzte Minute</translation>
    </message>
    <message>
        <source>%1/min</source>
        <translation>%1/min</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in the last minute</source>
        <translation>
            <numerusform>%n Anfrage in der letzten Minute</numerusform>
            <numerusform>%n Anfragen in der letzten Minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them refused</source>
        <translation>
            <numerusform>%n davon abgelehnt</numerusform>
            <numerusform>%n davon abgelehnt</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 ms on average in the last minute, %2 ms at most</source>
        <translation>%1 ms im Mittel der letzten Minute, höchstens %2 ms</translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficView</name>
    <message>
        <source>clear traffic</source>
        <translation>Verkehr leeren</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Export HAR</source>
        <translation>HAR-Export</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Filter of the traffic</source>
        <translation>Filter des Verkehrs</translation>
    </message>
    <message>
        <source>Filter: decision:denied status:&gt;=400 consumer:jack</source>
        <translation>Filter: decision:denied status:&gt;=400 consumer:jack</translation>
    </message>
    <message>
        <source>Pause or resume (Ctrl+P)</source>
        <translation>Anhalten oder fortsetzen (Strg+P)</translation>
    </message>
    <message>
        <source>Clear the list; undo brings it back (Ctrl+Shift+X)</source>
        <translation>Liste leeren; Rückgängig holt sie zurück (Strg+Umschalt+X)</translation>
    </message>
    <message>
        <source>Save the selected requests, or all, as HTTP archive</source>
        <translation>Ausgewählte oder alle Anfragen als HTTP-Archiv speichern</translation>
    </message>
    <message>
        <source>Live traffic</source>
        <translation>Laufender Verkehr</translation>
    </message>
    <message>
        <source>The gateway is stopped.</source>
        <translation>Das Gateway ist gestoppt.</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>Send one &amp;now</source>
        <translation>&amp;Jetzt eine senden</translation>
    </message>
    <message>
        <source>&amp;Copy test curl</source>
        <translation>Test-curl ko&amp;pieren</translation>
    </message>
    <message>
        <source>&amp;Clear filter</source>
        <translation>&amp;Filter leeren</translation>
    </message>
    <message>
        <source>Waiting for requests on %1:%2.</source>
        <translation>Warten auf Anfragen an %1:%2.</translation>
    </message>
    <message>
        <source>No request matches “%1”.</source>
        <translation>Keine Anfrage passt zu „%1“.</translation>
    </message>
    <message>
        <source>%1 shown / %2</source>
        <translation>%1 gezeigt / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n wartet</numerusform>
            <numerusform>%n warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new ↓</source>
        <translation>
            <numerusform>%n neu ↓</numerusform>
            <numerusform>%n neu ↓</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new, go to the end</source>
        <translation>
            <numerusform>%n neu, zum Ende gehen</numerusform>
            <numerusform>%n neu, zum Ende gehen</numerusform>
        </translation>
    </message>
    <message>
        <source>The traffic is cleared.</source>
        <translation>Der Verkehr ist geleert.</translation>
    </message>
    <message>
        <source>Comment on #%1</source>
        <translation>Kommentar zu #%1</translation>
    </message>
    <message>
        <source>&amp;Comment:</source>
        <translation>&amp;Kommentar:</translation>
    </message>
    <message>
        <source>&amp;Filter by this</source>
        <translation>Hiernach filt&amp;ern</translation>
    </message>
    <message>
        <source>E&amp;xclude this</source>
        <translation>Dies au&amp;sschließen</translation>
    </message>
    <message>
        <source>&amp;Mark (Space)</source>
        <translation>&amp;Markieren (Leertaste)</translation>
    </message>
    <message>
        <source>C&amp;omment… (M)</source>
        <translation>&amp;Kommentieren… (M)</translation>
    </message>
    <message>
        <source>The gateway does not answer. It is asked until it does.</source>
        <translation>Das Gateway antwortet nicht. Es wird gefragt, bis es antwortet.</translation>
    </message>
</context>
<context>
    <name>postern::gui::VerdictBar</name>
    <message>
        <source>&amp;Re-sign</source>
        <translation>Neu &amp;signieren</translation>
    </message>
    <message>
        <source>Find out &amp;why</source>
        <translation>&amp;Warum nicht?</translation>
    </message>
    <message>
        <source>Choose a consumer, type a secret, or drop a key file.</source>
        <translation>Einen Consumer wählen, ein Geheimnis eingeben oder eine Schlüsseldatei ablegen.</translation>
    </message>
    <message>
        <source>Signed with %1.</source>
        <translation>Signiert mit %1.</translation>
    </message>
    <message>
        <source>The client gets %1.</source>
        <translation>Der Client erhält %1.</translation>
    </message>
    <message>
        <source>≠ The profiles do not agree; see the checks.</source>
        <translation>≠ Die Profile sind sich nicht einig; siehe Prüfungen.</translation>
    </message>
    <message>
        <source>clock set to %1</source>
        <translation>Uhr gestellt auf %1</translation>
    </message>
    <message>
        <source>clock %1</source>
        <translation>Uhr %1</translation>
    </message>
    <message>
        <source>No key; %1</source>
        <translation>Kein Schlüssel; %1</translation>
    </message>
    <message>
        <source>Key: %1; %2</source>
        <translation>Schlüssel: %1; %2</translation>
    </message>
    <message>
        <source>Paste a token, drop a file, or mint one for a consumer.</source>
        <translation>Ein Token einfügen, eine Datei ablegen oder eines für einen Consumer ausstellen.</translation>
    </message>
    <message>
        <source>&amp;Re-sign with %1</source>
        <translation>Neu &amp;signieren mit %1</translation>
    </message>
    <message>
        <source>Cannot sign: %1</source>
        <translation>Signieren nicht möglich: %1</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>The signature fits %1.</source>
        <translation>Die Signatur passt zu %1.</translation>
    </message>
    <message>
        <source>Note: %1.</source>
        <translation>Hinweis: %1.</translation>
    </message>
    <message>
        <source>Found: %1 [%2]</source>
        <translation>Gefunden: %1 [%2]</translation>
    </message>
    <message>
        <source>Found: nothing explains it.</source>
        <translation>Gefunden: keine Erklärung.</translation>
    </message>
    <message numerus="yes">
        <source>Tried in %1 ms, %n signatures: %2.</source>
        <translation>
            <numerusform>In %1 ms probiert, %n Signatur: %2.</numerusform>
            <numerusform>In %1 ms probiert, %n Signaturen: %2.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped before the end.</source>
        <translation>Vor dem Ende abgebrochen.</translation>
    </message>
</context>
<context>
    <name>postern::gui::WindowService</name>
    <message>
        <source>Secrets are locked.</source>
        <translation>Geheimnisse sind gesperrt.</translation>
    </message>
</context>
<context>
    <name>postern::gui::Workspace</name>
    <message numerus="yes">
        <source>Save %n change(s)</source>
        <translation>
            <numerusform>%n Änderung speichern</numerusform>
            <numerusform>%n Änderungen speichern</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard changes of %1</source>
        <translation>Änderungen an %1 verwerfen</translation>
    </message>
    <message numerus="yes">
        <source>Saved %n change(s)</source>
        <translation>
            <numerusform>%n Änderung gespeichert</numerusform>
            <numerusform>%n Änderungen gespeichert</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>Wiederherstellen: %1</translation>
    </message>
</context>
</TS>
