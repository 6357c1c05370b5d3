<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AccessWords</name>
    <message>
        <source>label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>禁止</translation>
    </message>
    <message>
        <source>whitelist</source>
        <translation>白名单</translation>
    </message>
    <message>
        <source>blacklist</source>
        <translation>黑名单</translation>
    </message>
    <message>
        <source>method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>subject</source>
        <translation>主体</translation>
    </message>
    <message>
        <source>address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>no login</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>no consumer</source>
        <translation>无消费者</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>client&apos;s key</source>
        <translation>客户端密钥</translation>
    </message>
    <message>
        <source>no route</source>
        <translation>无路由</translation>
    </message>
    <message>
        <source>no upstream</source>
        <translation>无上游</translation>
    </message>
    <message>
        <source>no nodes</source>
        <translation>无节点</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>无密钥</translation>
    </message>
    <message>
        <source>no jwt</source>
        <translation>无 JWT</translation>
    </message>
    <message>
        <source>no basic</source>
        <translation>无 Basic</translation>
    </message>
    <message>
        <source>no hmac</source>
        <translation>无 HMAC</translation>
    </message>
</context>
<context>
    <name>Consumers</name>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>duplicate</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>unresolved</source>
        <translation>未解析</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>弱</translation>
    </message>
    <message>
        <source>no credential</source>
        <translation>无凭证</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>已禁用</translation>
    </message>
    <message>
        <source>unused</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>active</source>
        <translation>活跃</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>检查中</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
</context>
<context>
    <name>CopySecrets</name>
    <message>
        <source>Copied commands: secrets as $&amp;VARIABLES</source>
        <translation>复制的命令：机密写成 $变量(&amp;V)</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>The quotation mark is not closed</source>
        <translation>引号没有闭合</translation>
    </message>
    <message>
        <source>There is no field &quot;%1&quot; here; put words with a colon in quotation marks</source>
        <translation>这里没有字段“%1”；带冒号的词请放在引号内</translation>
    </message>
    <message>
        <source>Expected one value behind &quot;%1&quot;, as in %2</source>
        <translation>“%1”之后应有一个值，如 %2</translation>
    </message>
    <message>
        <source>A value is missing behind &quot;%1:&quot;</source>
        <translation>“%1:”之后缺少值</translation>
    </message>
    <message>
        <source>&quot;%1&quot; can be: %2</source>
        <translation>“%1”可以是：%2</translation>
    </message>
    <message>
        <source>A word is missing</source>
        <translation>缺少一个词</translation>
    </message>
</context>
<context>
    <name>Logins</name>
    <message>
        <source>&amp;Key</source>
        <translation>密钥(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Key claim</source>
        <translation>键声明(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Algorithm</source>
        <translation>算法(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Secret</source>
        <translation>机密(&amp;S)</translation>
    </message>
    <message>
        <source>The secret is base64</source>
        <translation>机密为 base64</translation>
    </message>
    <message>
        <source>&amp;Public key</source>
        <translation>公钥(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>用户名(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>密码(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Key id</source>
        <translation>密钥 ID(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Secret key</source>
        <translation>机密密钥(&amp;S)</translation>
    </message>
    <message>
        <source>Pri&amp;vate key</source>
        <translation>私钥(&amp;V)</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
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
        <translation>空格</translation>
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
        <translation>退格</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ins</source>
        <translation>Insert</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Home</translation>
    </message>
    <message>
        <source>End</source>
        <translation>End</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左箭头</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上箭头</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右箭头</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下箭头</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>PgUp</translation>
    </message>
    <message>
        <source>PgDown</source>
        <translation>PgDn</translation>
    </message>
</context>
<context>
    <name>SecretKinds</name>
    <message>
        <source>API key</source>
        <translation>API 密钥</translation>
    </message>
    <message>
        <source>HS256 secret</source>
        <translation>HS256 机密</translation>
    </message>
    <message>
        <source>HS384 secret</source>
        <translation>HS384 机密</translation>
    </message>
    <message>
        <source>HS512 secret</source>
        <translation>HS512 机密</translation>
    </message>
    <message>
        <source>HS256 secret, hex</source>
        <translation>HS256 机密，十六进制</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
</context>
<context>
    <name>TokenParts</name>
    <message>
        <source>header</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>载荷</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>encrypted key</source>
        <translation>加密密钥</translation>
    </message>
    <message>
        <source>initialization vector</source>
        <translation>初始化向量</translation>
    </message>
    <message>
        <source>ciphertext</source>
        <translation>密文</translation>
    </message>
    <message>
        <source>authentication tag</source>
        <translation>认证标签</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>header</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>载荷</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>segments</source>
        <translation>段数</translation>
    </message>
    <message>
        <source>not-compact</source>
        <translation>非紧凑格式</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>字符</translation>
    </message>
    <message>
        <source>not-object</source>
        <translation>不是对象</translation>
    </message>
    <message>
        <source>payload-json</source>
        <translation>载荷不是 JSON</translation>
    </message>
    <message>
        <source>alg-missing</source>
        <translation>缺少 alg</translation>
    </message>
    <message>
        <source>alg-unknown</source>
        <translation>alg 未知</translation>
    </message>
    <message>
        <source>alg-none</source>
        <translation>alg none</translation>
    </message>
    <message>
        <source>alg-not-allowed</source>
        <translation>alg 不允许</translation>
    </message>
    <message>
        <source>alg-key-mismatch</source>
        <translation>alg 与密钥不符</translation>
    </message>
    <message>
        <source>alg-type</source>
        <translation>alg 类型</translation>
    </message>
    <message>
        <source>typ-type</source>
        <translation>typ 类型</translation>
    </message>
    <message>
        <source>kid-type</source>
        <translation>kid 类型</translation>
    </message>
    <message>
        <source>cty-type</source>
        <translation>cty 类型</translation>
    </message>
    <message>
        <source>crit</source>
        <translation>crit</translation>
    </message>
    <message>
        <source>crit-invalid</source>
        <translation>crit 无效</translation>
    </message>
    <message>
        <source>kid-mismatch</source>
        <translation>kid 不符</translation>
    </message>
    <message>
        <source>signature-length</source>
        <translation>签名长度</translation>
    </message>
    <message>
        <source>no-signature</source>
        <translation>无签名</translation>
    </message>
    <message>
        <source>no-key</source>
        <translation>无密钥</translation>
    </message>
    <message>
        <source>key-weak</source>
        <translation>密钥过弱</translation>
    </message>
    <message>
        <source>key-format</source>
        <translation>密钥格式</translation>
    </message>
    <message>
        <source>key-type</source>
        <translation>密钥类型</translation>
    </message>
    <message>
        <source>key-use</source>
        <translation>密钥用途</translation>
    </message>
    <message>
        <source>ambiguous</source>
        <translation>不唯一</translation>
    </message>
    <message>
        <source>numeric-date</source>
        <translation>时间不是数字</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>not-yet-valid</source>
        <translation>尚未生效</translation>
    </message>
    <message>
        <source>too-old</source>
        <translation>签发过久</translation>
    </message>
    <message>
        <source>audience</source>
        <translation>受众不符</translation>
    </message>
    <message>
        <source>issuer</source>
        <translation>签发者不符</translation>
    </message>
    <message>
        <source>subject</source>
        <translation>主体不符</translation>
    </message>
    <message>
        <source>typ</source>
        <translation>typ</translation>
    </message>
    <message>
        <source>claim-missing</source>
        <translation>缺少声明</translation>
    </message>
    <message>
        <source>claim-type</source>
        <translation>声明类型</translation>
    </message>
    <message>
        <source>jwe</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>detached-payload</source>
        <translation>载荷分离</translation>
    </message>
    <message>
        <source>b64-type</source>
        <translation>b64 类型</translation>
    </message>
    <message>
        <source>b64-not-critical</source>
        <translation>b64 不在 crit 中</translation>
    </message>
    <message>
        <source>b64-in-jwt</source>
        <translation>JWT 中的 b64</translation>
    </message>
    <message>
        <source>header-not-disjoint</source>
        <translation>头部重复</translation>
    </message>
    <message>
        <source>limit-exceeded</source>
        <translation>超出限制</translation>
    </message>
    <message>
        <source>base64</source>
        <translation>不是 base64</translation>
    </message>
    <message>
        <source>json</source>
        <translation>不是 JSON</translation>
    </message>
    <message>
        <source>credential-unknown</source>
        <translation>凭证未知</translation>
    </message>
    <message>
        <source>credential-empty</source>
        <translation>凭证为空</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>A local API gateway and a token workbench.</source>
        <translation>本地 API 网关与令牌工作台。</translation>
    </message>
    <message>
        <source>Work on a running gateway (unix:/path, http://host:port).</source>
        <translation>操作正在运行的网关（unix:/path、http://host:port）。</translation>
    </message>
    <message>
        <source>Open a window of its own beside the one that is there.</source>
        <translation>在已有窗口之外打开独立的窗口。</translation>
    </message>
    <message>
        <source>mint-token, debug-clipboard or start-gateway.</source>
        <translation>mint-token、debug-clipboard 或 start-gateway。</translation>
    </message>
    <message>
        <source>A store (*.postern), or a file to look into.</source>
        <translation>存储库 (*.postern)，或要查看的文件。</translation>
    </message>
</context>
<context>
    <name>postern::gui</name>
    <message>
        <source>A user name is needed.</source>
        <translation>需要用户名。</translation>
    </message>
    <message>
        <source>A user name has only letters A–Z and a–z, digits, &quot;_&quot; and &quot;-&quot;.</source>
        <translation>用户名只能包含字母 A–Z 和 a–z、数字、“_”和“-”。</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>步骤 %1</translation>
    </message>
    <message>
        <source>Argument %1</source>
        <translation>参数 %1</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Body is cut</source>
        <translation>正文已截断</translation>
    </message>
    <message>
        <source>%1 of %2 bytes are kept</source>
        <translation>保留了 %2 字节中的 %1 字节</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>未到达</translation>
    </message>
    <message>
        <source>The upstream has not seen this request.</source>
        <translation>上游没有收到此请求。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>节点</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>收到时间</translation>
    </message>
    <message>
        <source>Routing and plugins</source>
        <translation>路由匹配与插件</translation>
    </message>
    <message>
        <source>Upstream and transfer</source>
        <translation>上游与传输</translation>
    </message>
    <message>
        <source>Altogether</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation>修订版本 %1</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>声明</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>步骤 %1</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>响应</translation>
    </message>
    <message numerus="yes">
        <source>%n service(s) are not imported.</source>
        <translation>
            <numerusform>不导入 %n 个服务。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s) are not imported.</source>
        <translation>
            <numerusform>不导入 %n 条路由。</numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not imported.</source>
        <translation>“%1”未导入。</translation>
    </message>
    <message>
        <source>Groups and plugins of %1 are not imported.</source>
        <translation>%1 的组和插件未导入。</translation>
    </message>
    <message>
        <source>%1 is a folder; drop a file.</source>
        <translation>%1 是文件夹；请拖放文件。</translation>
    </message>
    <message>
        <source>%1 is larger than 16 MiB.</source>
        <translation>%1 大于 16 MiB。</translation>
    </message>
    <message>
        <source>%1 is no configuration. What can be imported: postern.yaml, apisix.yaml, apisix.json, kong.yml, adc.yaml.</source>
        <translation>%1 不是配置。可以导入：postern.yaml、apisix.yaml、apisix.json、kong.yml、adc.yaml。</translation>
    </message>
    <message>
        <source>%1 is no configuration.</source>
        <translation>%1 不是配置。</translation>
    </message>
    <message>
        <source>declarative configuration of Kong</source>
        <translation>Kong 的声明式配置</translation>
    </message>
    <message>
        <source>configuration of adc</source>
        <translation>adc 的配置</translation>
    </message>
    <message>
        <source>standalone configuration of APISIX</source>
        <translation>APISIX 的 standalone 配置</translation>
    </message>
    <message>
        <source>configuration of Postern</source>
        <translation>Postern 的配置</translation>
    </message>
    <message>
        <source>%1 holds nothing that could be imported.</source>
        <translation>%1 中没有可导入的内容。</translation>
    </message>
    <message>
        <source>Answer&apos;s status: status:401, status:&gt;=400</source>
        <translation>响应的状态：status:401、status:&gt;=400</translation>
    </message>
    <message>
        <source>Method of the request</source>
        <translation>请求的方法</translation>
    </message>
    <message>
        <source>Path and query: path:/get*</source>
        <translation>路径与查询：path:/get*</translation>
    </message>
    <message>
        <source>Host the request was sent to</source>
        <translation>请求发往的主机</translation>
    </message>
    <message>
        <source>Who it was</source>
        <translation>请求者</translation>
    </message>
    <message>
        <source>Kind and name of the credential</source>
        <translation>凭证的类型和名称</translation>
    </message>
    <message>
        <source>Route that matched</source>
        <translation>匹配的路由</translation>
    </message>
    <message>
        <source>What was decided</source>
        <translation>判定结果</translation>
    </message>
    <message>
        <source>A plugin that ran</source>
        <translation>运行过的插件</translation>
    </message>
    <message>
        <source>Why it was refused</source>
        <translation>被拒绝的原因</translation>
    </message>
    <message>
        <source>How long it took: time:&gt;200ms</source>
        <translation>所用时间：time:&gt;200ms</translation>
    </message>
    <message>
        <source>Words of a comment</source>
        <translation>注释中的词</translation>
    </message>
    <message>
        <source>Marks and states</source>
        <translation>标记与状态</translation>
    </message>
    <message>
        <source>Decided after</source>
        <translation>判定用时</translation>
    </message>
    <message>
        <source>Upstream asked after</source>
        <translation>发起上游请求用时</translation>
    </message>
    <message>
        <source>Upstream connected after</source>
        <translation>上游连接用时</translation>
    </message>
    <message>
        <source>First byte of the answer after</source>
        <translation>收到响应首字节用时</translation>
    </message>
    <message>
        <source>Last byte of the answer after</source>
        <translation>收到响应末字节用时</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>匿名</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>no route</source>
        <translation>无路由</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Consumer &quot;%1&quot; is left out: %2</source>
        <translation>跳过消费者“%1”：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n 个消费者</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n 个凭证</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s)</source>
        <translation>
            <numerusform>%n 条路由</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n 个服务</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n upstream(s)</source>
        <translation>
            <numerusform>%n 个上游</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n certificate(s)</source>
        <translation>
            <numerusform>%n 个证书</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer group(s)</source>
        <translation>
            <numerusform>%n 个消费者组</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n plugin configuration(s)</source>
        <translation>
            <numerusform>%n 个插件配置</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n 个其他对象</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 已不存在。</translation>
    </message>
    <message>
        <source>%1 is no file but a pipe, a socket or a device.</source>
        <translation>%1 不是文件，而是管道、套接字或设备。</translation>
    </message>
    <message>
        <source>%1 may not be read by you.</source>
        <translation>您无权读取 %1。</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 是空的。</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessFilterModel</name>
    <message>
        <source>user name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>label, as team=platform</source>
        <translation>标签，如 team=platform</translation>
    </message>
    <message>
        <source>name or id</source>
        <translation>名称或 ID</translation>
    </message>
    <message>
        <source>plugin of the route</source>
        <translation>路由的插件</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessModel</name>
    <message>
        <source>✓ anonymous</source>
        <comment>let through without a login of its own</comment>
        <translation>✓ 匿名</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>allowed, at most %1</source>
        <translation>允许，上限 %1</translation>
    </message>
    <message>
        <source>allowed as anonymous consumer %1</source>
        <translation>作为匿名消费者 %1 允许</translation>
    </message>
    <message>
        <source>refused with %1: %2</source>
        <translation>以 %1 拒绝：%2</translation>
    </message>
    <message>
        <source>cannot authenticate: %1</source>
        <translation>无法认证：%1</translation>
    </message>
    <message>
        <source>depends: %1</source>
        <translation>视情况而定：%1</translation>
    </message>
    <message>
        <source>no request of this method reaches the route</source>
        <translation>此方法的请求到不了该路由</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>%1 on %2: %3</source>
        <translation>%1 访问 %2：%3</translation>
    </message>
    <message>
        <source>changed by staged edits; was %1</source>
        <translation>因暂存的更改而改变；原为 %1</translation>
    </message>
    <message>
        <source>(nobody)</source>
        <translation>（无消费者）</translation>
    </message>
    <message>
        <source>has no login</source>
        <translation>没有登录方式</translation>
    </message>
    <message>
        <source>logins: %1</source>
        <translation>登录方式：%1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>all methods</source>
        <translation>所有方法</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>消费者</translation>
    </message>
</context>
<context>
    <name>postern::gui::AccessPage</name>
    <message>
        <source>Access</source>
        <translation>访问</translation>
    </message>
    <message>
        <source>Consumers by routes</source>
        <translation>消费者与路由</translation>
    </message>
    <message>
        <source>&amp;New route</source>
        <translation>新建路由(&amp;N)</translation>
    </message>
    <message>
        <source>Any</source>
        <comment>method</comment>
        <translation>任意</translation>
    </message>
    <message>
        <source>Method of the requests</source>
        <translation>请求的方法</translation>
    </message>
    <message>
        <source>Group consumers by label</source>
        <translation>按标签给消费者分组</translation>
    </message>
    <message>
        <source>&amp;Only what changes</source>
        <translation>只看有变化的(&amp;O)</translation>
    </message>
    <message>
        <source>Filter consumers</source>
        <translation>筛选消费者</translation>
    </message>
    <message>
        <source>Filter routes</source>
        <translation>筛选路由</translation>
    </message>
    <message>
        <source>Send &amp;all for real</source>
        <translation>全部真实发送(&amp;A)</translation>
    </message>
    <message>
        <source>Sends a request for every cell shown and marks answers that differ</source>
        <translation>为显示的每个单元格发送一个请求，并标出不一致的响应</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Saves the matrix as CSV or Markdown</source>
        <translation>将矩阵保存为 CSV 或 Markdown</translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation>方法(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Group by label</source>
        <translation>按标签分组(&amp;G)</translation>
    </message>
    <message>
        <source>Why the cell is as it is</source>
        <translation>该单元格结果的原因</translation>
    </message>
    <message>
        <source>Select a cell to see why it is as it is.</source>
        <translation>选择一个单元格，查看其结果的原因。</translation>
    </message>
    <message>
        <source>&amp;Send it for real</source>
        <translation>真实发送(&amp;S)</translation>
    </message>
    <message>
        <source>Sends this request to the running gateway (Ctrl+Enter)</source>
        <translation>将此请求发送到正在运行的网关 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>&amp;Turn around</source>
        <translation>翻转(&amp;T)</translation>
    </message>
    <message>
        <source>Stages the edit that lets in or keeps out (T)</source>
        <translation>暂存放行或阻止的更改 (T)</translation>
    </message>
    <message>
        <source>Open &amp;route</source>
        <translation>打开路由(&amp;R)</translation>
    </message>
    <message>
        <source>Shows the route</source>
        <translation>显示该路由</translation>
    </message>
    <message>
        <source>&amp;Turn the cell around</source>
        <translation>翻转单元格(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Send the cell for real</source>
        <translation>真实发送单元格(&amp;S)</translation>
    </message>
    <message>
        <source>Send &amp;all cells for real</source>
        <translation>真实发送所有单元格(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Export the matrix…</source>
        <translation>导出矩阵(&amp;E)…</translation>
    </message>
    <message>
        <source>Nothing to compare: there are no routes.</source>
        <translation>没有可比较的内容：还没有路由。</translation>
    </message>
    <message>
        <source>none</source>
        <comment>group</comment>
        <translation>无</translation>
    </message>
    <message>
        <source>%1 → %2: %3</source>
        <translation>%1 → %2：%3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 on %2: %3 → %4</source>
        <translation>%1 访问 %2：%3 → %4</translation>
    </message>
    <message numerus="yes">
        <source>Staged changes turn %n cell(s) around</source>
        <translation>
            <numerusform>暂存的更改会翻转 %n 个单元格</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>no cell is selected</source>
        <translation>未选择单元格</translation>
    </message>
    <message>
        <source>the gateway is stopped</source>
        <translation>网关已停止</translation>
    </message>
    <message>
        <source>requests are under way</source>
        <translation>请求正在进行</translation>
    </message>
    <message>
        <source>This cell cannot be turned around: %1</source>
        <translation>此单元格无法翻转：%1</translation>
    </message>
    <message>
        <source>The request failed</source>
        <translation>请求失败</translation>
    </message>
    <message>
        <source>Answered %1, as the matrix says</source>
        <translation>响应为 %1，与矩阵一致</translation>
    </message>
    <message>
        <source>Answered %1: the matrix says otherwise</source>
        <translation>响应为 %1：与矩阵不一致</translation>
    </message>
    <message>
        <source>Staged changes are not on the gateway yet; limits count what was sent before.</source>
        <translation>暂存的更改尚未到达网关；限额会计入此前发送的请求。</translation>
    </message>
    <message>
        <source>Sending %1 of %2…</source>
        <translation>正在发送 %1 / %2…</translation>
    </message>
    <message>
        <source>%1 on %2: %3, answered %4</source>
        <translation>%1 访问 %2：%3，响应为 %4</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) failed</source>
        <translation>
            <numerusform>%n 个请求失败</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) sent: no disagreement</source>
        <translation>
            <numerusform>已发送 %n 个请求：没有不一致</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) differ from the matrix</source>
        <translation>
            <numerusform>%n 个响应与矩阵不一致</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the matrix</source>
        <translation>导出矩阵</translation>
    </message>
    <message>
        <source>CSV (*.csv);;Markdown (*.md)</source>
        <translation>CSV (*.csv);;Markdown (*.md)</translation>
    </message>
    <message>
        <source>%1 was not written</source>
        <translation>%1 未能写入</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>What if: the cells as they would be once the staged changes are saved; else as they are now</source>
        <translation>假设：显示保存暂存更改之后的单元格；否则显示当前的单元格</translation>
    </message>
    <message>
        <source>Nothing is staged: the cells are as they are now</source>
        <translation>没有暂存的更改：单元格为当前状态</translation>
    </message>
    <message>
        <source>Hides consumers and routes that staged changes leave as they are</source>
        <translation>隐藏暂存更改不影响的消费者和路由</translation>
    </message>
    <message>
        <source>&amp;With staged changes</source>
        <translation>包含暂存的更改(&amp;W)</translation>
    </message>
    <message>
        <source>Looking for what staged changes turn around…</source>
        <translation>正在查找暂存更改会翻转的单元格…</translation>
    </message>
    <message>
        <source>secrets are locked</source>
        <translation>机密已锁定</translation>
    </message>
    <message>
        <source>Hidden in privacy mode: the reasons name users.</source>
        <translation>隐私模式下已隐藏：原因中包含用户名。</translation>
    </message>
</context>
<context>
    <name>postern::gui::AttachDialog</name>
    <message>
        <source>Attach to a gateway</source>
        <translation>连接到网关</translation>
    </message>
    <message>
        <source>Control API</source>
        <translation>控制 API</translation>
    </message>
    <message>
        <source>unix:/path/to/socket or http://127.0.0.1:9092</source>
        <translation>unix:/path/to/socket 或 http://127.0.0.1:9092</translation>
    </message>
    <message>
        <source>Admin key</source>
        <translation>管理密钥</translation>
    </message>
    <message>
        <source>only for http</source>
        <translation>仅用于 http</translation>
    </message>
    <message>
        <source>&amp;Control API:</source>
        <translation>控制 API(&amp;C)：</translation>
    </message>
    <message>
        <source>Admin &amp;key:</source>
        <translation>管理密钥(&amp;K)：</translation>
    </message>
    <message>
        <source>&amp;Attach</source>
        <translation>连接(&amp;A)</translation>
    </message>
    <message>
        <source>Works on the objects and the traffic of a gateway that runs in another process: its socket, or its address with the admin key.</source>
        <translation>使用在另一个进程中运行的网关的对象和流量：填写其套接字，或其地址和管理密钥。</translation>
    </message>
</context>
<context>
    <name>postern::gui::ChecksModel</name>
    <message>
        <source>not looked at</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>The profiles do not agree here.</source>
        <translation>各配置档在此处结论不一致。</translation>
    </message>
    <message>
        <source>%1, the profiles differ</source>
        <translation>%1，各配置档结论不同</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查项</translation>
    </message>
</context>
<context>
    <name>postern::gui::ClaimsModel</name>
    <message>
        <source>%1 = %2, %3</source>
        <translation>%1 = %2，%3</translation>
    </message>
    <message>
        <source>%1 (exact)</source>
        <translation>%1（精确值）</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>声明</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>使用者</translation>
    </message>
</context>
<context>
    <name>postern::gui::CommandPalette</name>
    <message>
        <source>Nothing has this name.</source>
        <translation>没有此名称的内容。</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Search or run</source>
        <translation>搜索或运行</translation>
    </message>
    <message>
        <source>Search or run…   &gt; commands   @ consumers   / routes   # requests</source>
        <translation>搜索或运行…   &gt; 命令   @ 消费者   / 路由   # 请求</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
</context>
<context>
    <name>postern::gui::CompareDialog</name>
    <message>
        <source>&amp;Only what differs</source>
        <translation>只看不同之处(&amp;O)</translation>
    </message>
    <message>
        <source>Compare %1 with %2</source>
        <translation>比较 %1 与 %2</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Nothing differs but what differs in every request.</source>
        <translation>除每个请求都不同的内容外，没有差异。</translation>
    </message>
    <message numerus="yes">
        <source>%n difference(s); date, length and trace id are left out.</source>
        <translation>
            <numerusform>%n 处差异；日期、长度和跟踪 ID 不计在内。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::CompareView</name>
    <message>
        <source>accepted</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>The other token</source>
        <translation>另一个令牌</translation>
    </message>
    <message>
        <source>Paste a second token here, or choose one from Break.</source>
        <translation>在此粘贴第二个令牌，或从“破坏”中选择一个。</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>This token</source>
        <translation>此令牌</translation>
    </message>
    <message>
        <source>The other</source>
        <translation>另一个</translation>
    </message>
    <message>
        <source>%1: this %2, the other %3</source>
        <translation>%1：此令牌%2，另一个%3</translation>
    </message>
    <message>
        <source>≠ %1: this %2, the other %3</source>
        <translation>≠ %1：此令牌%2，另一个%3</translation>
    </message>
    <message>
        <source>Too long to compare.</source>
        <translation>太长，无法比较。</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>accepts it</source>
        <translation>会接受它</translation>
    </message>
    <message>
        <source>refuses it at the %1: %2</source>
        <translation>会在 %1 处拒绝它：%2</translation>
    </message>
    <message>
        <source>%1. A strict verifier %2.</source>
        <translation>%1。严格的验证器%2。</translation>
    </message>
    <message>
        <source> APISIX answers %1.</source>
        <translation> APISIX 响应 %1。</translation>
    </message>
    <message>
        <source> Kong answers %1.</source>
        <translation> Kong 响应 %1。</translation>
    </message>
</context>
<context>
    <name>postern::gui::Composer</name>
    <message>
        <source>Headers, one a line</source>
        <translation>标头，每行一个</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>发送(&amp;S)</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>URL, or a curl line</source>
        <translation>URL 或 curl 命令行</translation>
    </message>
    <message>
        <source>http://127.0.0.1:9080/get, or paste a curl line</source>
        <translation>http://127.0.0.1:9080/get，或粘贴 curl 命令行</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Consumer whose login is added</source>
        <translation>附加其登录信息的消费者</translation>
    </message>
    <message>
        <source>Adds the login that the route wants: a key, a password, a fresh token or a signature</source>
        <translation>附加路由所需的登录信息：密钥、密码、新令牌或签名</translation>
    </message>
    <message>
        <source>Name: value</source>
        <translation>名称: 值</translation>
    </message>
    <message>
        <source>The answer comes here.</source>
        <translation>响应会显示在这里。</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation>方法(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;URL</source>
        <translation>URL(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;As</source>
        <translation>身份(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Headers</source>
        <translation>标头(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Body</source>
        <translation>正文(&amp;B)</translation>
    </message>
    <message>
        <source>A&amp;nswer</source>
        <translation>响应(&amp;N)</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无消费者</translation>
    </message>
    <message>
        <source>Edit and repeat #%1</source>
        <translation>编辑并重发 #%1</translation>
    </message>
    <message>
        <source>This curl line cannot be read: %1</source>
        <translation>无法读取此 curl 命令行：%1</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>Not answered: %1</source>
        <translation>没有响应：%1</translation>
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
        <translation>已有消费者 %1。</translation>
    </message>
    <message>
        <source>Created %1, changed %2</source>
        <translation>创建于 %1，更改于 %2</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>尚未保存</translation>
    </message>
    <message>
        <source>C&amp;redentials (%1)</source>
        <translation>凭证 (%1)(&amp;R)</translation>
    </message>
    <message>
        <source>%1 cannot authenticate: add a credential.</source>
        <translation>%1 无法认证：请添加凭证。</translation>
    </message>
    <message>
        <source>Plugins of %1; logins among them stand on the consumer itself</source>
        <translation>%1 的插件；其中的登录方式属于消费者本身</translation>
    </message>
    <message>
        <source>Cannot be saved: %1</source>
        <translation>无法保存：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n 项更改未保存</numerusform>
        </translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>重命名 %1</translation>
    </message>
    <message>
        <source>Describe %1</source>
        <translation>编辑 %1 的描述</translation>
    </message>
    <message>
        <source>Edit labels of %1</source>
        <translation>编辑 %1 的标签</translation>
    </message>
    <message>
        <source>an object is expected</source>
        <translation>此处应为对象</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>编辑 %1</translation>
    </message>
    <message>
        <source>&quot;plugins&quot; must be an object</source>
        <translation>“plugins”必须是对象</translation>
    </message>
    <message>
        <source>Edit plugins of %1</source>
        <translation>编辑 %1 的插件</translation>
    </message>
    <message>
        <source>Add credential %1</source>
        <translation>添加凭证 %1</translation>
    </message>
    <message>
        <source>Sa&amp;ve</source>
        <translation>保存(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Mint</source>
        <translation>签发(&amp;M)</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>De&amp;tails</source>
        <translation>详情(&amp;T)</translation>
    </message>
    <message>
        <source>C&amp;redentials</source>
        <translation>凭证(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Plugins</source>
        <translation>插件(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>JSON(&amp;J)</translation>
    </message>
    <message>
        <source>User &amp;name</source>
        <translation>用户名(&amp;N)</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>D&amp;escription</source>
        <translation>描述(&amp;E)</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>标签(&amp;L)</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Add &amp;key</source>
        <translation>添加密钥(&amp;K)</translation>
    </message>
    <message>
        <source>Add &amp;JWT</source>
        <translation>添加 JWT(&amp;J)</translation>
    </message>
    <message>
        <source>Credentials</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Add a credential of %1</source>
        <translation>添加类型为 %1 的凭证</translation>
    </message>
    <message>
        <source>JSON of the object</source>
        <translation>对象的 JSON</translation>
    </message>
    <message>
        <source>JSON of the plugins</source>
        <translation>插件的 JSON</translation>
    </message>
    <message>
        <source>Cannot be saved: the user name is not right.</source>
        <translation>无法保存：用户名不正确。</translation>
    </message>
    <message>
        <source>Cannot be saved: %1 is not right.</source>
        <translation>无法保存：%1 不正确。</translation>
    </message>
    <message>
        <source>Cannot be saved: the JSON is not right.</source>
        <translation>无法保存：JSON 不正确。</translation>
    </message>
    <message>
        <source>Remove label %1 of %2</source>
        <translation>移除 %2 的标签 %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumersModel</name>
    <message>
        <source>(on the consumer)</source>
        <translation>（在消费者上）</translation>
    </message>
    <message>
        <source>%1, changed</source>
        <translation>%1，已更改</translation>
    </message>
    <message>
        <source>user name or id</source>
        <translation>用户名或 ID</translation>
    </message>
    <message>
        <source>label=value</source>
        <translation>标签=值</translation>
    </message>
    <message>
        <source>kind of credential</source>
        <translation>凭证类型</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>what there is</source>
        <translation>具有的内容</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Credentials</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>最近出现</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>postern::gui::ConsumersPage</name>
    <message>
        <source>Consumers</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>No consumers yet.</source>
        <translation>还没有消费者。</translation>
    </message>
    <message>
        <source>&amp;New consumer</source>
        <translation>新建消费者(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Load the sample &quot;petstore&quot;</source>
        <translation>加载示例“petstore”(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Clear filter</source>
        <translation>清除筛选(&amp;C)</translation>
    </message>
    <message>
        <source>Select a consumer to edit it.</source>
        <translation>选择一个消费者进行编辑。</translation>
    </message>
    <message>
        <source>Ne&amp;w</source>
        <translation>新建(&amp;W)</translation>
    </message>
    <message>
        <source>New consumer</source>
        <translation>新建消费者</translation>
    </message>
    <message>
        <source>Filter, as type:jwt-auth is:weak</source>
        <translation>筛选，如 type:jwt-auth is:weak</translation>
    </message>
    <message>
        <source>No consumer matches &quot;%1&quot;.</source>
        <translation>没有消费者匹配“%1”。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n consumer(s)</source>
        <translation>
            <numerusform>%1 / %n 个消费者</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n 个消费者</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>! %n warning(s)</source>
        <translation>
            <numerusform>! %n 条警告</numerusform>
        </translation>
    </message>
    <message>
        <source>Add a credential: %1</source>
        <translation>添加凭证：%1</translation>
    </message>
    <message>
        <source>&amp;Rotate the secret</source>
        <translation>轮换机密(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>导入(&amp;I)…</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Configurations (*.yaml *.yml *.json)</source>
        <translation>配置 (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>credential of %1</source>
        <translation>%1 的凭证</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>复制出 %1 的副本</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n object(s)</source>
        <translation>
            <numerusform>删除 %n 个对象</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete credential %1</source>
        <translation>删除凭证 %1</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>删除 %1</translation>
    </message>
    <message numerus="yes">
        <source>Move %n credential(s) to %1</source>
        <translation>
            <numerusform>将 %n 个凭证移到 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Load the sample &quot;petstore&quot;</source>
        <translation>加载示例“petstore”</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>%1 would be refused: %2</source>
        <translation>%1 会被拒绝：%2</translation>
    </message>
    <message>
        <source>Filter by this</source>
        <translation>按此筛选</translation>
    </message>
    <message>
        <source>Exclude this</source>
        <translation>排除此项</translation>
    </message>
    <message>
        <source>La&amp;bels of the selected consumers…</source>
        <translation>所选消费者的标签(&amp;B)…</translation>
    </message>
    <message>
        <source>E&amp;xport the selected consumers…</source>
        <translation>导出所选消费者(&amp;X)…</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n consumer(s)</source>
        <translation>
            <numerusform>删除 %n 个消费者</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one or several consumers first.</source>
        <translation>请先选择一个或多个消费者。</translation>
    </message>
    <message numerus="yes">
        <source>Label %n consumer(s)</source>
        <translation>
            <numerusform>更改 %n 个消费者的标签</numerusform>
        </translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>机密已锁定。</translation>
    </message>
</context>
<context>
    <name>postern::gui::CredentialCard</name>
    <message>
        <source>Edit this login on the JSON tab.</source>
        <translation>请在 JSON 标签页中编辑此登录方式。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>轮换</translation>
    </message>
    <message>
        <source>Generate…</source>
        <translation>生成…</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Edit credential %1</source>
        <translation>编辑凭证 %1</translation>
    </message>
    <message>
        <source>On the consumer</source>
        <translation>在消费者上</translation>
    </message>
    <message>
        <source>  ·  changed</source>
        <translation>  ·  已更改</translation>
    </message>
    <message>
        <source>Go to the other</source>
        <translation>转到另一个</translation>
    </message>
    <message>
        <source>Go to the other: %1</source>
        <translation>转到另一个：%1</translation>
    </message>
    <message>
        <source>Rotate %1</source>
        <translation>轮换 %1</translation>
    </message>
    <message>
        <source>New secret for %1</source>
        <translation>%1 的新机密</translation>
    </message>
    <message>
        <source>New key pair for %1</source>
        <translation>%1 的新密钥对</translation>
    </message>
</context>
<context>
    <name>postern::gui::ExportDialog</name>
    <message>
        <source>&amp;References to environment variables: the file holds no secret</source>
        <translation>环境变量引用：文件中不含机密(&amp;R)</translation>
    </message>
    <message>
        <source>Real &amp;values: whoever reads the file can use them</source>
        <translation>真实值：能读取文件的人即可使用(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message numerus="yes">
        <source>Export %n consumer(s)</source>
        <translation>
            <numerusform>导出 %n 个消费者</numerusform>
        </translation>
    </message>
    <message>
        <source>Secrets are written as</source>
        <translation>机密的写入方式</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>机密已锁定。</translation>
    </message>
    <message>
        <source>postern.yaml, for Postern</source>
        <translation>postern.yaml，用于 Postern</translation>
    </message>
    <message>
        <source>apisix.yaml, for APISIX without a store</source>
        <translation>apisix.yaml，用于无存储的 APISIX</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Choose how secrets are written.</source>
        <translation>请选择机密的写入方式。</translation>
    </message>
    <message>
        <source>Only you will be able to read the file.</source>
        <translation>只有您能读取该文件。</translation>
    </message>
    <message>
        <source>Nothing in it is secret.</source>
        <translation>其中没有机密。</translation>
    </message>
    <message numerus="yes">
        <source>The gateway must have %n variable(s): %1</source>
        <translation>
            <numerusform>网关需要 %n 个变量：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 could not be written.</source>
        <translation>无法写入 %1。</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>&amp;Left out, since no gateway would load it from the file</source>
        <translation>省略的内容，因为网关不会从文件中加载它(&amp;L)</translation>
    </message>
    <message>
        <source>Export configuration</source>
        <translation>导出配置</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>All consumers</source>
        <translation>所有消费者</translation>
    </message>
    <message>
        <source>The selected consumers</source>
        <translation>所选消费者</translation>
    </message>
    <message>
        <source>&amp;What</source>
        <translation>内容(&amp;W)</translation>
    </message>
    <message>
        <source>apisix.json, for APISIX without a store</source>
        <translation>apisix.json，用于无存储的 APISIX</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>省略的内容</translation>
    </message>
    <message>
        <source>&amp;Preview, secrets masked</source>
        <translation>预览，机密已隐藏(&amp;P)</translation>
    </message>
    <message>
        <source>Preview, secrets masked</source>
        <translation>预览，机密已隐藏</translation>
    </message>
    <message numerus="yes">
        <source>%n consumer(s)</source>
        <translation>
            <numerusform>%n 个消费者</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n credential(s)</source>
        <translation>
            <numerusform>%n 个凭证</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n 个其他对象</numerusform>
        </translation>
    </message>
    <message>
        <source>with the changes that are not saved yet</source>
        <translation>包含尚未保存的更改</translation>
    </message>
    <message>
        <source>Being made…</source>
        <translation>正在生成…</translation>
    </message>
    <message>
        <source>There is nothing to export.</source>
        <translation>没有可导出的内容。</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>配置</translation>
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
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>使用者</translation>
    </message>
</context>
<context>
    <name>postern::gui::FilterEdit</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Completions</source>
        <translation>补全</translation>
    </message>
</context>
<context>
    <name>postern::gui::GatewayBar</name>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Clock: real</source>
        <translation>时钟：实时</translation>
    </message>
    <message>
        <source>The gateway does not start.</source>
        <translation>网关无法启动。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the gateway (Shift+F5)</source>
        <translation>停止网关 (Shift+F5)</translation>
    </message>
    <message>
        <source>Start the gateway (F5)</source>
        <translation>启动网关 (F5)</translation>
    </message>
    <message>
        <source>Stop and start the gateway (F5)</source>
        <translation>停止并重新启动网关 (F5)</translation>
    </message>
    <message>
        <source>no store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>○ stopped</source>
        <translation>○ 已停止</translation>
    </message>
    <message>
        <source>… starting</source>
        <translation>… 正在启动</translation>
    </message>
    <message>
        <source>● running</source>
        <translation>● 正在运行</translation>
    </message>
    <message>
        <source>● attached</source>
        <translation>● 已连接</translation>
    </message>
    <message>
        <source>! does not answer</source>
        <translation>! 没有响应</translation>
    </message>
    <message>
        <source>Proxy %1:%2</source>
        <translation>代理 %1:%2</translation>
    </message>
    <message>
        <source>Copy the proxy&apos;s URL, %1</source>
        <translation>复制代理的 URL，%1</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
    <message>
        <source>Admin :%1</source>
        <translation>管理 :%1</translation>
    </message>
    <message>
        <source>Copy the Admin API&apos;s URL, %1</source>
        <translation>复制 Admin API 的 URL，%1</translation>
    </message>
    <message>
        <source>+30 &amp;s</source>
        <translation>+30 秒(&amp;S)</translation>
    </message>
    <message>
        <source>+1 &amp;h</source>
        <translation>+1 小时(&amp;H)</translation>
    </message>
    <message>
        <source>+1 &amp;d</source>
        <translation>+1 天(&amp;D)</translation>
    </message>
    <message>
        <source>Set &amp;to…</source>
        <translation>设为(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Freeze</source>
        <translation>冻结(&amp;F)</translation>
    </message>
    <message>
        <source>Let it &amp;run</source>
        <translation>继续走时(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Real time</source>
        <translation>实时(&amp;R)</translation>
    </message>
    <message>
        <source>Clock: frozen at %1</source>
        <translation>时钟：冻结在 %1</translation>
    </message>
    <message>
        <source>Clock: set, %1</source>
        <translation>时钟：已设置，%1</translation>
    </message>
    <message>
        <source>The gateway&apos;s time: claims, windows and caches follow it</source>
        <translation>网关的时间：声明、时间窗口和缓存均以此为准</translation>
    </message>
    <message>
        <source>Set the gateway&apos;s clock</source>
        <translation>设置网关的时钟</translation>
    </message>
    <message>
        <source>&amp;Time (RFC 3339, UNIX seconds, +90s, -1h):</source>
        <translation>时间（RFC 3339、UNIX 秒、+90s、-1h）(&amp;T)：</translation>
    </message>
    <message>
        <source>This is not a time: %1</source>
        <translation>这不是时间：%1</translation>
    </message>
    <message>
        <source>Port taken</source>
        <translation>端口被占用</translation>
    </message>
    <message>
        <source>Port %1 is used by another program.</source>
        <translation>端口 %1 正被另一个程序使用。</translation>
    </message>
    <message>
        <source>Use a &amp;free port</source>
        <translation>使用空闲端口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>选择(&amp;C)…</translation>
    </message>
    <message>
        <source>Choose a port</source>
        <translation>选择端口</translation>
    </message>
    <message>
        <source>&amp;Port of the proxy:</source>
        <translation>代理的端口(&amp;P)：</translation>
    </message>
</context>
<context>
    <name>postern::gui::GatewayPage</name>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Traffic and routes</source>
        <translation>流量与路由</translation>
    </message>
    <message>
        <source>Tra&amp;ffic</source>
        <translation>流量(&amp;F)</translation>
    </message>
    <message>
        <source>R&amp;outes (%1)</source>
        <translation>路由 (%1)(&amp;O)</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) came too fast and are not in the list.</source>
        <translation>
            <numerusform>%n 个请求来得太快，未列入列表。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Start or restart</source>
        <translation>启动或重启(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Clock: +30 s</source>
        <translation>时钟：+30 秒</translation>
    </message>
    <message>
        <source>Clock: +1 &amp;h</source>
        <translation>时钟：+1 小时(&amp;H)</translation>
    </message>
    <message>
        <source>Clock: rea&amp;l time</source>
        <translation>时钟：实时(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;New request…</source>
        <translation>新建请求(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Pause or resume traffic</source>
        <translation>暂停或继续流量(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Clear traffic</source>
        <translation>清空流量(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Repeat</source>
        <translation>重发(&amp;R)</translation>
    </message>
    <message>
        <source>Repeat with a &amp;fresh login</source>
        <translation>使用新的登录信息重发(&amp;F)</translation>
    </message>
    <message>
        <source>Repeat &amp;as another consumer…</source>
        <translation>以另一个消费者的身份重发(&amp;A)…</translation>
    </message>
    <message>
        <source>Repeat &amp;without login</source>
        <translation>不带登录信息重发(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Edit and repeat…</source>
        <translation>编辑并重发(&amp;E)…</translation>
    </message>
    <message>
        <source>C&amp;ompare</source>
        <translation>比较(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Mark the request</source>
        <translation>标记请求(&amp;M)</translation>
    </message>
    <message>
        <source>Comment on the re&amp;quest…</source>
        <translation>为请求添加注释(&amp;Q)…</translation>
    </message>
    <message>
        <source>Record headers and &amp;bodies</source>
        <translation>记录标头和正文(&amp;B)</translation>
    </message>
    <message>
        <source>E&amp;xport HTTP archive…</source>
        <translation>导出 HTTP 存档(&amp;X)…</translation>
    </message>
    <message>
        <source>&amp;Import HTTP archive…</source>
        <translation>导入 HTTP 存档(&amp;I)…</translation>
    </message>
    <message>
        <source>No request is selected.</source>
        <translation>未选择请求。</translation>
    </message>
    <message>
        <source>There is only one request.</source>
        <translation>只有一个请求。</translation>
    </message>
    <message>
        <source>No gateway runs.</source>
        <translation>没有网关在运行。</translation>
    </message>
    <message>
        <source>No gateway runs in this window.</source>
        <translation>此窗口中没有运行网关。</translation>
    </message>
    <message>
        <source>There is no store to run a gateway on.</source>
        <translation>没有可供网关运行的存储库。</translation>
    </message>
    <message>
        <source>route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Copy &amp;as</source>
        <translation>复制为(&amp;A)</translation>
    </message>
    <message>
        <source>secrets are locked</source>
        <translation>机密已锁定</translation>
    </message>
    <message>
        <source>The request was not sent.</source>
        <translation>请求未发送。</translation>
    </message>
    <message>
        <source>Repeat as another consumer</source>
        <translation>以另一个消费者的身份重发</translation>
    </message>
    <message>
        <source>&amp;Consumer:</source>
        <translation>消费者(&amp;C)：</translation>
    </message>
    <message>
        <source>Nothing was copied.</source>
        <translation>没有复制任何内容。</translation>
    </message>
    <message>
        <source>Export HTTP archive</source>
        <translation>导出 HTTP 存档</translation>
    </message>
    <message>
        <source>HTTP archives (*.har)</source>
        <translation>HTTP 存档 (*.har)</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) saved, secrets replaced.</source>
        <translation>
            <numerusform>已保存 %n 个请求，机密已替换。</numerusform>
        </translation>
    </message>
    <message>
        <source>The archive was not written.</source>
        <translation>存档未能写入。</translation>
    </message>
    <message>
        <source>Import HTTP archive</source>
        <translation>导入 HTTP 存档</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>无法读取 %1。</translation>
    </message>
    <message>
        <source>This is not an HTTP archive.</source>
        <translation>这不是 HTTP 存档。</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) read.</source>
        <translation>
            <numerusform>已读取 %n 个请求。</numerusform>
        </translation>
    </message>
    <message>
        <source>Decide again at another &amp;time…</source>
        <translation>在另一时间重新判定(&amp;T)…</translation>
    </message>
    <message>
        <source>A&amp;llow…</source>
        <translation>放行(&amp;L)…</translation>
    </message>
    <message>
        <source>No consumer was refused here.</source>
        <translation>此处没有消费者被拒绝。</translation>
    </message>
    <message>
        <source>A&amp;llow %1…</source>
        <translation>放行 %1(&amp;L)…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) of the access matrix change:</source>
        <translation>
            <numerusform>访问矩阵中有 %n 个单元格改变：</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 on %2: %3 → %4</source>
        <translation>%1 在 %2 上：%3 → %4</translation>
    </message>
    <message>
        <source>(nobody)</source>
        <translation>（无消费者）</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>放行</translation>
    </message>
    <message>
        <source>Let %1 in?</source>
        <translation>放行 %1？</translation>
    </message>
    <message>
        <source>&amp;Stage the change</source>
        <translation>暂存更改(&amp;S)</translation>
    </message>
    <message>
        <source>Staged. Save the changes, then repeat the request.</source>
        <translation>已暂存。请先保存更改，再重复请求。</translation>
    </message>
    <message>
        <source>Decide again at another time</source>
        <translation>在另一时间重新判定</translation>
    </message>
    <message>
        <source>&amp;Time: a UTC time, UNIX seconds, +1h, -30s. Nothing is sent.</source>
        <translation>时间(&amp;T)：UTC 时间、UNIX 秒、+1h、-30s。不会发送任何内容。</translation>
    </message>
    <message>
        <source>#%1 at %2</source>
        <translation>#%1，时间 %2</translation>
    </message>
    <message>
        <source>Trace (JSON)</source>
        <translation>跟踪 (JSON)</translation>
    </message>
    <message>
        <source>New ro&amp;ute</source>
        <translation>新建路由(&amp;U)</translation>
    </message>
    <message>
        <source>The gateway does not answer.</source>
        <translation>网关没有响应。</translation>
    </message>
</context>
<context>
    <name>postern::gui::GeneratorDialog</name>
    <message>
        <source>New secret</source>
        <translation>新机密</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>使用(&amp;U)</translation>
    </message>
    <message>
        <source>Generate a secret</source>
        <translation>生成机密</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>&amp;Kind</source>
        <translation>类型(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Secret</source>
        <translation>机密(&amp;S)</translation>
    </message>
    <message>
        <source>A&amp;gain</source>
        <translation>重新生成(&amp;G)</translation>
    </message>
    <message>
        <source>Select a credential first.</source>
        <translation>请先选择一个凭证。</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s) of entropy</source>
        <translation>
            <numerusform>%n 位熵</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the &amp;public key</source>
        <translation>复制公钥(&amp;P)</translation>
    </message>
    <message>
        <source>%1 key pair</source>
        <translation>%1 密钥对</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>&amp;Form</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>公钥</translation>
    </message>
    <message>
        <source>Pu&amp;blic key</source>
        <translation>公钥(&amp;B)</translation>
    </message>
    <message>
        <source>Pri&amp;vate key</source>
        <translation>私钥(&amp;V)</translation>
    </message>
    <message>
        <source>Being made…</source>
        <translation>正在生成…</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s) of security; the public key is for everybody, the private key for nobody else.</source>
        <translation>
            <numerusform>%n 位安全强度；公钥可给任何人，私钥不可外传。</numerusform>
        </translation>
    </message>
    <message>
        <source>The credential takes no key pair.</source>
        <translation>该凭证不使用密钥对。</translation>
    </message>
    <message>
        <source>%1 takes another kind of key.</source>
        <translation>%1 需要另一种密钥。</translation>
    </message>
</context>
<context>
    <name>postern::gui::ImportDialog</name>
    <message>
        <source>Import %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <translation>%1：%2。</translation>
    </message>
    <message>
        <source>Nothing to import</source>
        <translation>没有可导入的内容</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>导入(&amp;I)</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) are there already and will be replaced.</source>
        <translation>
            <numerusform>%n 个对象已存在，将被替换。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n 条警告</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Leave out what is not valid</source>
        <translation>略过无效内容(&amp;L)</translation>
    </message>
    <message>
        <source>There is nothing that could be imported.</source>
        <translation>没有可导入的内容。</translation>
    </message>
    <message>
        <source>It is being checked by the gateway&apos;s rules.</source>
        <translation>正在按网关规则检查。</translation>
    </message>
    <message numerus="yes">
        <source>Cannot be imported: the gateway would refuse %n object(s).</source>
        <translation>
            <numerusform>无法导入：网关将拒绝 %n 个对象。</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be imported: secrets are locked.</source>
        <translation>无法导入：机密已锁定。</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of the file are not valid.</source>
        <translation>
            <numerusform>文件中有 %n 个对象无效。</numerusform>
        </translation>
    </message>
    <message>
        <source>Faults and warnings</source>
        <translation>错误和警告</translation>
    </message>
    <message>
        <source>Objects to be imported</source>
        <translation>要导入的对象</translation>
    </message>
    <message>
        <source>&amp;Objects to be imported</source>
        <translation>要导入的对象(&amp;O)</translation>
    </message>
    <message numerus="yes">
        <source>%n fault(s)</source>
        <translation>
            <numerusform>%n 个错误</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::Inspector</name>
    <message>
        <source>Open &amp;route</source>
        <translation>打开路由(&amp;R)</translation>
    </message>
    <message>
        <source>Open &amp;consumer</source>
        <translation>打开消费者(&amp;C)</translation>
    </message>
    <message>
        <source>Open in &amp;debugger</source>
        <translation>在调试器中打开(&amp;D)</translation>
    </message>
    <message>
        <source>Raw exchange</source>
        <translation>原始报文</translation>
    </message>
    <message>
        <source>Why this request was decided so</source>
        <translation>此请求如此判定的原因</translation>
    </message>
    <message>
        <source>Parts of the exchange</source>
        <translation>报文的各部分</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>To upstream</source>
        <translation>发往上游</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>✗ Why #%1 was refused</source>
        <translation>✗ #%1 被拒绝的原因</translation>
    </message>
    <message>
        <source>? Why #%1 found no route</source>
        <translation>? #%1 未匹配到路由的原因</translation>
    </message>
    <message>
        <source>! Why #%1 failed</source>
        <translation>! #%1 失败的原因</translation>
    </message>
    <message>
        <source>✓ Why #%1 was allowed</source>
        <translation>✓ #%1 被允许的原因</translation>
    </message>
    <message>
        <source>#%1, read from an archive</source>
        <translation>#%1，读取自存档</translation>
    </message>
    <message>
        <source>Repeat of #%1</source>
        <translation>#%1 的重发</translation>
    </message>
    <message>
        <source>This request was not recorded: here is what its trace tells. See “Record headers and bodies” in the menu Gateway.</source>
        <translation>此请求未被记录：这里显示的是其跟踪信息。请参阅“网关”菜单中的“记录标头和正文”。</translation>
    </message>
    <message>
        <source>Select a request to see why it was decided so.</source>
        <translation>选择一个请求，查看其判定的原因。</translation>
    </message>
    <message>
        <source>Hidden in privacy mode.</source>
        <translation>隐私模式下不显示。</translation>
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
        <translation>机密</translation>
    </message>
    <message>
        <source>Drop &amp;quotes and blanks</source>
        <translation>去掉引号和空白(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Pin this key</source>
        <translation>固定此密钥(&amp;P)</translation>
    </message>
    <message>
        <source>the token&apos;s own key</source>
        <translation>令牌自带的密钥</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>A key file (PEM, JWK, JWKS, certificate) can be dropped here.</source>
        <translation>可将密钥文件（PEM、JWK、JWKS、证书）拖放到这里。</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>密钥(&amp;K)</translation>
    </message>
    <message>
        <source>Type or paste the secret</source>
        <translation>输入或粘贴机密</translation>
    </message>
    <message>
        <source>How the secret is written</source>
        <translation>机密的书写形式</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
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
        <translation>十六进制</translation>
    </message>
    <message numerus="yes">
        <source>All my keys (%n)</source>
        <translation>
            <numerusform>我的全部密钥 (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>A secret…</source>
        <translation>输入机密…</translation>
    </message>
    <message>
        <source>%1 of %2 bytes for %3</source>
        <translation>%1 字节，%3 需要 %2 字节</translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>! %1: short</source>
        <translation>! %1：过短</translation>
    </message>
    <message>
        <source>! a well-known sample secret; %1</source>
        <translation>! 众所周知的示例机密；%1</translation>
    </message>
    <message>
        <source>✗ not %1: %2</source>
        <translation>✗ 不是 %1：%2</translation>
    </message>
    <message>
        <source>No consumer has a JWT credential. Drop a key file here, or type a secret.</source>
        <translation>没有消费者拥有 JWT 凭证。请将密钥文件拖放到这里，或输入机密。</translation>
    </message>
    <message>
        <source>The token brings a key of its own (thumbprint %1). That proves nothing: anybody can put one there.</source>
        <translation>令牌自带密钥（指纹 %1）。这不能证明任何事：任何人都可以放入一个密钥。</translation>
    </message>
    <message>
        <source>The token says where its key is. That proves nothing, and nothing is fetched.</source>
        <translation>令牌声明了其密钥的位置。这不能证明任何事，也不会获取任何内容。</translation>
    </message>
    <message>
        <source>%1 holds no key: %2</source>
        <translation>%1 中没有密钥：%2</translation>
    </message>
    <message>
        <source>pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Encrypted key</source>
        <translation>加密的密钥</translation>
    </message>
    <message>
        <source>This passphrase does not open %1. &amp;Passphrase:</source>
        <translation>此口令无法打开 %1。口令(&amp;P)：</translation>
    </message>
    <message>
        <source>%1 is encrypted. &amp;Passphrase:</source>
        <translation>%1 已加密。口令(&amp;P)：</translation>
    </message>
</context>
<context>
    <name>postern::gui::LabelChips</name>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Label %1</source>
        <translation>标签 %1</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Add a label</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Label, as name=value</source>
        <translation>标签，形如 名称=值</translation>
    </message>
    <message>
        <source>name=value</source>
        <translation>名称=值</translation>
    </message>
    <message>
        <source>Enter edits it, Del removes it</source>
        <translation>按 Enter 编辑，按 Del 移除</translation>
    </message>
    <message>
        <source>%1: a click edits it, Del or the cross removes it</source>
        <translation>%1：单击编辑，按 Del 或点叉号移除</translation>
    </message>
</context>
<context>
    <name>postern::gui::LabelsDialog</name>
    <message numerus="yes">
        <source>Labels of %n consumer(s)</source>
        <translation>
            <numerusform>%n 个消费者的标签</numerusform>
        </translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 个中的 %1 个</translation>
    </message>
    <message>
        <source>They have no labels yet.</source>
        <translation>尚无标签。</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>标签(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Add a label to all of them</source>
        <translation>为全部添加标签(&amp;A)</translation>
    </message>
    <message>
        <source>New label, as name=value</source>
        <translation>新标签，格式为 名称=值</translation>
    </message>
    <message>
        <source>name=value</source>
        <translation>名称=值</translation>
    </message>
    <message>
        <source>A&amp;pply</source>
        <translation>应用(&amp;P)</translation>
    </message>
    <message>
        <source>A label is written as name=value.</source>
        <translation>标签的格式为 名称=值。</translation>
    </message>
</context>
<context>
    <name>postern::gui::LockBanner</name>
    <message>
        <source>Un&amp;lock</source>
        <translation>解锁(&amp;L)</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Locked: secrets are sealed, nothing can be changed. The gateway runs on.</source>
        <translation>已锁定：机密已封存，无法更改任何内容。网关继续运行。</translation>
    </message>
</context>
<context>
    <name>postern::gui::MainWindow</name>
    <message>
        <source>&amp;New</source>
        <translation>新建(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copy &amp;as curl or JSON</source>
        <translation>复制为 curl 或 JSON(&amp;A)</translation>
    </message>
    <message>
        <source>Copy name or &amp;id</source>
        <translation>复制名称或 ID(&amp;I)</translation>
    </message>
    <message>
        <source>Copy UR&amp;L</source>
        <translation>复制 URL(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>创建副本(&amp;D)</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>重命名(&amp;N)</translation>
    </message>
    <message>
        <source>D&amp;elete</source>
        <translation>删除(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Filter</source>
        <translation>筛选(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Main action of the page</source>
        <translation>页面的主要操作(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Mint for the selected consumer</source>
        <translation>为所选消费者签发(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Generate a secret…</source>
        <translation>生成机密(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>检查器(&amp;I)</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>被拒绝：%1</translation>
    </message>
    <message>
        <source>No page shows %1.</source>
        <translation>没有页面可显示 %1。</translation>
    </message>
    <message>
        <source>Mint a token for %1</source>
        <translation>为 %1 签发令牌</translation>
    </message>
    <message>
        <source>consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>New store</source>
        <translation>新建存储库</translation>
    </message>
    <message>
        <source>Open a store</source>
        <translation>打开存储库</translation>
    </message>
    <message>
        <source>Postern stores (*.postern *.db);;All files (*)</source>
        <translation>Postern 存储库 (*.postern *.db);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Un&amp;lock secrets</source>
        <translation>解锁机密(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Lock secrets</source>
        <translation>锁定机密(&amp;L)</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>机密已锁定。</translation>
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
        <translation>没有任何更改。</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>没有可撤销的操作。</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>没有可重做的操作。</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>撤销 %1(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>重做 %1(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Nothing here knows this text.</source>
        <translation>无法识别此文本。</translation>
    </message>
    <message>
        <source>Nothing here knows how to open %1.</source>
        <translation>无法打开 %1。</translation>
    </message>
    <message>
        <source>Tokens, keys (PEM, JWK), curl lines and configurations can be dropped or pasted.</source>
        <translation>可以拖放或粘贴令牌、密钥（PEM、JWK）、curl 命令行和配置。</translation>
    </message>
    <message>
        <source>Save changes?</source>
        <translation>保存更改？</translation>
    </message>
    <message>
        <source>There are changes that are not saved.</source>
        <translation>有尚未保存的更改。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Don&apos;t save</source>
        <translation>不保存(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Consumer</source>
        <translation>消费者(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>令牌(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Gateway</source>
        <translation>网关(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Access</source>
        <translation>访问(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Paste a token, a key or a curl line</source>
        <translation>粘贴令牌、密钥或 curl 命令行(&amp;P)</translation>
    </message>
    <message>
        <source>New s&amp;tore…</source>
        <translation>新建存储库(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Attach to a gateway…</source>
        <translation>连接到网关(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Save changes</source>
        <translation>保存更改(&amp;S)</translation>
    </message>
    <message>
        <source>Pre&amp;view changes…</source>
        <translation>预览更改(&amp;V)…</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>设置(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;What can be done here</source>
        <translation>这里可以做什么(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;About Postern</source>
        <translation>关于 Postern(&amp;A)</translation>
    </message>
    <message>
        <source>About Postern</source>
        <translation>关于 Postern</translation>
    </message>
    <message>
        <source>Postern %1</source>
        <translation>Postern %1</translation>
    </message>
    <message>
        <source>A local API gateway and a token workbench. Nothing leaves this machine unless you send it.

Apache License 2.0</source>
        <translation>本地 API 网关与令牌工作台。除非由您发送，任何内容都不会离开这台计算机。

Apache License 2.0</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>后退(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Forward</source>
        <translation>前进(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Search or run…</source>
        <translation>搜索或运行(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Messages…</source>
        <translation>消息(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Navigation: icons or words</source>
        <translation>导航：图标或文字(&amp;N)</translation>
    </message>
    <message>
        <source>Show or &amp;hide secrets</source>
        <translation>显示或隐藏机密(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Larger text</source>
        <translation>放大文字(&amp;L)</translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <translation>缩小文字(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Text as it was</source>
        <translation>恢复文字大小(&amp;T)</translation>
    </message>
    <message>
        <source>Light or &amp;dark</source>
        <translation>浅色或深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Search or run…    Ctrl+K</source>
        <translation>搜索或运行…    Ctrl+K</translation>
    </message>
    <message>
        <source>Search or run</source>
        <translation>搜索或运行</translation>
    </message>
    <message>
        <source>The layout is as it was at first.</source>
        <translation>布局已恢复为初始状态。</translation>
    </message>
    <message>
        <source>The gateway at %1 does not answer. Changes are kept, and the window connects again as soon as it is back.</source>
        <translation>位于 %1 的网关没有响应。更改已保留，网关恢复后窗口会自动重新连接。</translation>
    </message>
    <message>
        <source>The gateway at %1 refuses this window. Changes are kept; attach again with its admin key.</source>
        <translation>位于 %1 的网关拒绝了此窗口。更改已保留；请使用其管理密钥重新连接。</translation>
    </message>
    <message>
        <source>To start it: %1</source>
        <translation>启动方法：%1</translation>
    </message>
    <message>
        <source>The gateway at %1 is back.</source>
        <translation>位于 %1 的网关已恢复。</translation>
    </message>
    <message>
        <source>Nothing was saved, the changes are kept: %1</source>
        <translation>未保存任何内容，更改已保留：%1</translation>
    </message>
    <message>
        <source>&amp;Privacy mode</source>
        <translation>隐私模式(&amp;P)</translation>
    </message>
    <message>
        <source>Your keyboard shortcuts cannot be read; all are as at first.</source>
        <translation>无法读取您的快捷键；全部恢复为默认值。</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>已撤销：%1</translation>
    </message>
    <message>
        <source>Redone: %1</source>
        <translation>已重做：%1</translation>
    </message>
    <message>
        <source>Stores and configurations (*.postern *.db *.yaml *.yml *.json);;All files (*)</source>
        <translation>存储库和配置 (*.postern *.db *.yaml *.yml *.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>&amp;Open a store or a configuration…</source>
        <translation>打开存储库或配置(&amp;O)…</translation>
    </message>
    <message>
        <source>E&amp;xport configuration…</source>
        <translation>导出配置(&amp;X)…</translation>
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
        <translation>! %1（响应不一致）</translation>
    </message>
</context>
<context>
    <name>postern::gui::MessagePane</name>
    <message>
        <source>Body of: %1</source>
        <translation>正文：%1</translation>
    </message>
</context>
<context>
    <name>postern::gui::MintPanel</name>
    <message>
        <source>&amp;Mint again</source>
        <translation>重新签发(&amp;M)</translation>
    </message>
    <message>
        <source>30 s</source>
        <translation>30 秒</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 d</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>no end</source>
        <translation>无期限</translation>
    </message>
    <message>
        <source>Lifetime: %1</source>
        <translation>有效期：%1</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Made for</source>
        <translation>适用于</translation>
    </message>
    <message>
        <source>%1: claim %2</source>
        <translation>%1：声明 %2</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>声明</translation>
    </message>
    <message>
        <source>One claim a line: role=user, admin:=true, exp=+90s</source>
        <translation>每行一个声明：role=user、admin:=true、exp=+90s</translation>
    </message>
    <message>
        <source>URL of the curl line</source>
        <translation>curl 命令行的 URL</translation>
    </message>
    <message>
        <source>C&amp;opy token</source>
        <translation>复制令牌(&amp;O)</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Cons&amp;umer</source>
        <translation>消费者(&amp;U)</translation>
    </message>
    <message>
        <source>Cre&amp;dential</source>
        <translation>凭证(&amp;D)</translation>
    </message>
    <message>
        <source>Li&amp;fetime</source>
        <translation>有效期(&amp;F)</translation>
    </message>
    <message>
        <source>Made fo&amp;r</source>
        <translation>适用于(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;laims</source>
        <translation>声明(&amp;L)</translation>
    </message>
    <message>
        <source>UR&amp;L</source>
        <translation>URL(&amp;L)</translation>
    </message>
    <message>
        <source>No consumer has a JWT credential to sign with.</source>
        <translation>没有消费者拥有可用于签名的 JWT 凭证。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>inline</source>
        <translation>内联</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>%1 has no JWT credential to sign with.</source>
        <translation>%1 没有可用于签名的 JWT 凭证。</translation>
    </message>
</context>
<context>
    <name>postern::gui::Navigation</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>postern::gui::NoticeCenter</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Messages, newest first</source>
        <translation>消息，最新的在前</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>No messages yet.</source>
        <translation>还没有消息。</translation>
    </message>
</context>
<context>
    <name>postern::gui::PreviewDialog</name>
    <message>
        <source>Changes as calls of the Admin API</source>
        <translation>以 Admin API 调用表示的更改</translation>
    </message>
    <message>
        <source>Calls, in the order they are sent</source>
        <translation>调用，按发送顺序</translation>
    </message>
    <message>
        <source>Body of the call</source>
        <translation>调用的正文</translation>
    </message>
    <message>
        <source>This call has no body.</source>
        <translation>此调用没有正文。</translation>
    </message>
    <message>
        <source>What the call changes</source>
        <translation>调用所做的更改</translation>
    </message>
    <message>
        <source>Views of the call</source>
        <translation>调用的视图</translation>
    </message>
    <message>
        <source>&amp;Body</source>
        <translation>正文(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Difference</source>
        <translation>差异(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Save now</source>
        <translation>立即保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Copy all</source>
        <translation>全部复制(&amp;C)</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) to /apisix/admin, all or none of them.</source>
        <translation>
            <numerusform>对 /apisix/admin 的 %n 次调用，要么全部生效，要么全部不生效。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>postern::gui::RouteModel</name>
    <message>
        <source>%1 (changed)</source>
        <translation>%1（已更改）</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Host and path</source>
        <translation>主机与路径</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>Upstream</source>
        <translation>上游</translation>
    </message>
</context>
<context>
    <name>postern::gui::RoutesView</name>
    <message>
        <source>&amp;Send a request…</source>
        <translation>发送请求(&amp;S)…</translation>
    </message>
    <message>
        <source>Routes</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>The route as JSON</source>
        <translation>路由的 JSON</translation>
    </message>
    <message>
        <source>There are no routes yet.</source>
        <translation>还没有路由。</translation>
    </message>
    <message>
        <source>&amp;New route</source>
        <translation>新建路由(&amp;N)</translation>
    </message>
    <message>
        <source>D&amp;uplicate</source>
        <translation>复制一份(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>Copy &amp;JSON</source>
        <translation>复制 JSON(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Id</source>
        <translation>ID(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Path</source>
        <translation>路径(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Login</source>
        <translation>认证(&amp;L)</translation>
    </message>
    <message>
        <source>Upst&amp;ream</source>
        <translation>上游(&amp;R)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>There are several paths: see the JSON.</source>
        <translation>有多个路径：请看 JSON。</translation>
    </message>
    <message>
        <source>There is more to the upstream: see the JSON.</source>
        <translation>上游的设置不止这些：请看 JSON。</translation>
    </message>
    <message>
        <source>Cannot be saved: %1</source>
        <translation>无法保存：%1</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>编辑 %1</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>重命名 %1</translation>
    </message>
    <message>
        <source>Take the login away from %1</source>
        <translation>取消 %1 的认证</translation>
    </message>
    <message>
        <source>Guard %1 with %2</source>
        <translation>用 %2 保护 %1</translation>
    </message>
    <message>
        <source>an object is expected</source>
        <translation>应为一个对象</translation>
    </message>
    <message>
        <source>Secrets are locked.</source>
        <translation>机密已锁定。</translation>
    </message>
    <message>
        <source>New route</source>
        <translation>新建路由</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>复制 %1</translation>
    </message>
    <message>
        <source>Delete route %1</source>
        <translation>删除路由 %1</translation>
    </message>
</context>
<context>
    <name>postern::gui::SecretField</name>
    <message>
        <source>Show or hide: %1</source>
        <translation>显示或隐藏：%1</translation>
    </message>
    <message>
        <source>Copy: %1</source>
        <translation>复制：%1</translation>
    </message>
</context>
<context>
    <name>postern::gui::SettingsDialog</name>
    <message>
        <source>Seconds on the clipboard</source>
        <translation>在剪贴板上保留的秒数</translation>
    </message>
    <message>
        <source>Minutes until secrets are locked</source>
        <translation>锁定机密前的分钟数</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>From the next start on</source>
        <translation>下次启动后生效</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>until something else is copied</source>
        <translation>直到复制其他内容</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>&amp;Colours:</source>
        <translation>颜色(&amp;C)：</translation>
    </message>
    <message>
        <source>L&amp;anguage, from the next start on:</source>
        <translation>语言，下次启动后生效(&amp;A)：</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>机密</translation>
    </message>
    <message>
        <source>Cl&amp;ear the clipboard after:</source>
        <translation>多久后清空剪贴板(&amp;E)：</translation>
    </message>
    <message>
        <source>&amp;Lock when nothing happens for:</source>
        <translation>无操作多久后锁定(&amp;L)：</translation>
    </message>
</context>
<context>
    <name>postern::gui::ShortcutSheet</name>
    <message>
        <source>&amp;Use these keys</source>
        <translation>使用这些按键(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>重置(&amp;R)</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Filter by command or keys</source>
        <translation>按命令或按键筛选</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>命令及其按键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>&amp;New keys:</source>
        <translation>新按键(&amp;N)：</translation>
    </message>
    <message>
        <source>Taken by “%1”.</source>
        <translation>已被“%1”占用。</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>已保存。</translation>
    </message>
</context>
<context>
    <name>postern::gui::StatusBar</name>
    <message numerus="yes">
        <source>Clipboard clears in %n s · clear now</source>
        <translation>
            <numerusform>剪贴板将在 %n 秒后清空 · 立即清空</numerusform>
        </translation>
    </message>
    <message>
        <source>No store</source>
        <translation>无存储库</translation>
    </message>
    <message>
        <source>Gateway stopped</source>
        <translation>网关已停止</translation>
    </message>
    <message>
        <source>Gateway is starting…</source>
        <translation>网关正在启动…</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>Attached</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>Gateway does not answer</source>
        <translation>网关没有响应</translation>
    </message>
    <message>
        <source>%1 :%2 :%3</source>
        <translation>%1 :%2 :%3</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
    <message>
        <source>● %1 (changed)</source>
        <translation>● %1（已更改）</translation>
    </message>
    <message>
        <source>Clock frozen at %1</source>
        <translation>时钟冻结在 %1</translation>
    </message>
    <message>
        <source>Clock set: %1</source>
        <translation>时钟已设置：%1</translation>
    </message>
    <message>
        <source>Privacy mode</source>
        <translation>隐私模式</translation>
    </message>
    <message>
        <source>User names, headers and claims are hidden. Click to show them.</source>
        <translation>用户名、标头和声明已隐藏。单击即可显示。</translation>
    </message>
    <message>
        <source>%1 is asked again until it answers.</source>
        <translation>将持续询问 %1，直到它响应。</translation>
    </message>
</context>
<context>
    <name>postern::gui::Toast</name>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>复制详情</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokenDocument</name>
    <message>
        <source>edit token</source>
        <translation>编辑令牌</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokenHistory</name>
    <message>
        <source>pasted</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>typed</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>signed anew</source>
        <translation>重新签名</translation>
    </message>
    <message>
        <source>minted</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>from traffic</source>
        <translation>来自流量</translation>
    </message>
    <message>
        <source>broken on purpose</source>
        <translation>故意破坏</translation>
    </message>
    <message>
        <source>· no token</source>
        <translation>· 无令牌</translation>
    </message>
    <message>
        <source>✗ not a token</source>
        <translation>✗ 不是令牌</translation>
    </message>
    <message>
        <source>· encrypted</source>
        <translation>· 已加密</translation>
    </message>
    <message>
        <source>? no key given</source>
        <translation>? 未给出密钥</translation>
    </message>
    <message>
        <source>✗ the key does not fit the algorithm</source>
        <translation>✗ 密钥与算法不匹配</translation>
    </message>
    <message>
        <source>? not checked, because the token changed</source>
        <translation>? 未检查，因为令牌已更改</translation>
    </message>
    <message>
        <source>… being checked</source>
        <translation>… 正在检查</translation>
    </message>
    <message>
        <source>✗ refused</source>
        <translation>✗ 拒绝</translation>
    </message>
    <message>
        <source>✓ accepted</source>
        <translation>✓ 接受</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
</context>
<context>
    <name>postern::gui::TokensPage</name>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Pre&amp;tty</source>
        <translation>美化(&amp;T)</translation>
    </message>
    <message>
        <source>No&amp;w</source>
        <translation>现在(&amp;W)</translation>
    </message>
    <message>
        <source>Encoded token</source>
        <translation>编码后的令牌</translation>
    </message>
    <message>
        <source>Paste a token, a header line or a curl line here.</source>
        <translation>在此粘贴令牌、标头行或 curl 命令行。</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>载荷</translation>
    </message>
    <message>
        <source>Time of the clock</source>
        <translation>时钟的时间</translation>
    </message>
    <message>
        <source>A date, a UTC time, UNIX seconds, +1h, -30s, or now</source>
        <translation>日期、UTC 时间、UNIX 秒、+1h、-30s 或 now</translation>
    </message>
    <message>
        <source>Indents what is shown; the token keeps its octets.</source>
        <translation>仅缩进显示内容；令牌的字节保持不变。</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Judge at the session&apos;s time again</source>
        <translation>重新按会话的时间判定</translation>
    </message>
    <message>
        <source>About the token</source>
        <translation>关于令牌</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>&amp;Encoded</source>
        <translation>编码(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Header</source>
        <translation>头部(&amp;H)</translation>
    </message>
    <message>
        <source>Pa&amp;yload</source>
        <translation>载荷(&amp;Y)</translation>
    </message>
    <message>
        <source>Cloc&amp;k</source>
        <translation>时钟(&amp;K)</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>声明</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Mint</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Break</source>
        <translation>破坏</translation>
    </message>
    <message>
        <source>Make the token wrong in a known way, to test a verifier</source>
        <translation>以已知的方式使令牌出错，用于测试验证器</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>Works offline. Nothing on this page is sent.</source>
        <translation>离线工作。此页面上的任何内容都不会发送。</translation>
    </message>
    <message>
        <source>✗ Offset %1: %2</source>
        <translation>✗ 偏移 %1：%2</translation>
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
            <numerusform>%n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>! %1: longer than any token that is read (%2 bytes)</source>
        <translation>! %1：超出可读取令牌的长度（%2 字节）</translation>
    </message>
    <message>
        <source>! %1: %2</source>
        <translation>! %1：%2</translation>
    </message>
    <message>
        <source>Encrypted: key by %1 (%2), content by %3. Nothing of it can be read without the key.</source>
        <translation>已加密：密钥采用 %1 (%2)，内容采用 %3。没有密钥则无法读取任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>JSON form, %n signatures</source>
        <translation>
            <numerusform>JSON 形式，%n 个签名</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Signature: %1, %n bytes</source>
        <translation>
            <numerusform>签名：%1，%n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 – new</source>
        <translation>%1 – 新</translation>
    </message>
    <message>
        <source>%1: %2 [%3]</source>
        <translation>%1：%2 [%3]</translation>
    </message>
    <message>
        <source>Remarks (%1)</source>
        <translation>备注 (%1)</translation>
    </message>
    <message>
        <source>✗ Not taken over: %1</source>
        <translation>✗ 未采用：%1</translation>
    </message>
    <message>
        <source>Cut off: %1</source>
        <translation>已截去：%1</translation>
    </message>
    <message>
        <source>The second token of what was pasted</source>
        <translation>粘贴内容中的第二个令牌</translation>
    </message>
    <message>
        <source>pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Needs a whole, signed token</source>
        <translation>需要完整且已签名的令牌</translation>
    </message>
    <message>
        <source>Still accepted</source>
        <translation>仍被接受</translation>
    </message>
    <message>
        <source>Refused at: %1</source>
        <translation>拒绝于：%1</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>令牌(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Header line</source>
        <translation>标头行(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;curl line</source>
        <translation>curl 命令行(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Environment line</source>
        <translation>环境变量行(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;postern token mint …</source>
        <translation>postern token mint …(&amp;P)</translation>
    </message>
    <message>
        <source>There is no token to copy yet.</source>
        <translation>还没有可复制的令牌。</translation>
    </message>
    <message>
        <source>&amp;Copy token</source>
        <translation>复制令牌(&amp;C)</translation>
    </message>
    <message>
        <source>Copy token as &amp;header line</source>
        <translation>将令牌复制为标头行(&amp;H)</translation>
    </message>
    <message>
        <source>Copy token as c&amp;url line</source>
        <translation>将令牌复制为 curl 命令行(&amp;U)</translation>
    </message>
    <message>
        <source>Copy as &amp;postern token mint</source>
        <translation>复制为 postern token mint(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Re-sign</source>
        <translation>重新签名(&amp;R)</translation>
    </message>
    <message>
        <source>Find out &amp;why the signature does not fit</source>
        <translation>查明签名不匹配的原因(&amp;W)</translation>
    </message>
    <message>
        <source>C&amp;ompare with another token</source>
        <translation>与另一个令牌比较(&amp;O)</translation>
    </message>
    <message>
        <source>Indent header and pa&amp;yload</source>
        <translation>缩进头部和载荷(&amp;Y)</translation>
    </message>
    <message>
        <source>Judge at the session&apos;s &amp;time</source>
        <translation>按会话的时间判定(&amp;T)</translation>
    </message>
    <message>
        <source>✗ error</source>
        <translation>✗ 错误</translation>
    </message>
    <message>
        <source>! warning</source>
        <translation>! 警告</translation>
    </message>
    <message>
        <source>· note</source>
        <translation>· 提示</translation>
    </message>
    <message>
        <source>Fi&amp;x: %1</source>
        <translation>修复(&amp;X)：%1</translation>
    </message>
    <message>
        <source>No fi&amp;x for this remark</source>
        <translation>此提示没有可用的修复(&amp;X)</translation>
    </message>
    <message>
        <source>Changes the token so, and signs it anew where a key can</source>
        <translation>按此修改令牌，并在有密钥时重新签名</translation>
    </message>
    <message>
        <source>Apply the fix of the chosen re&amp;mark</source>
        <translation>应用所选提示的修复(&amp;M)</translation>
    </message>
</context>
<context>
    <name>postern::gui::TraceDelegate</name>
    <message>
        <source>%1: %2</source>
        <comment>Fix: add sales to the list</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>postern::gui::TraceModel</name>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>未到达</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>noted</source>
        <translation>提示</translation>
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
        <translation>#%1 的重发</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Consumer</source>
        <translation>消费者</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>凭证</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficPlot</name>
    <message>
        <source>Requests a second, last minute</source>
        <translation>每秒请求数，最近一分钟</translation>
    </message>
    <message>
        <source>Latency, last minute</source>
        <translation>延迟，最近一分钟</translation>
    </message>
    <message>
        <source>%1/min</source>
        <translation>%1/分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in the last minute</source>
        <translation>
            <numerusform>最近一分钟内 %n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them refused</source>
        <translation>
            <numerusform>其中 %n 个被拒绝</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 ms on average in the last minute, %2 ms at most</source>
        <translation>最近一分钟平均 %1 毫秒，最长 %2 毫秒</translation>
    </message>
</context>
<context>
    <name>postern::gui::TrafficView</name>
    <message>
        <source>clear traffic</source>
        <translation>清空流量</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Export HAR</source>
        <translation>导出 HAR</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Filter of the traffic</source>
        <translation>流量的筛选</translation>
    </message>
    <message>
        <source>Filter: decision:denied status:&gt;=400 consumer:jack</source>
        <translation>筛选：decision:denied status:&gt;=400 consumer:jack</translation>
    </message>
    <message>
        <source>Pause or resume (Ctrl+P)</source>
        <translation>暂停或继续 (Ctrl+P)</translation>
    </message>
    <message>
        <source>Clear the list; undo brings it back (Ctrl+Shift+X)</source>
        <translation>清空列表；撤销可恢复 (Ctrl+Shift+X)</translation>
    </message>
    <message>
        <source>Save the selected requests, or all, as HTTP archive</source>
        <translation>将所选请求或全部请求保存为 HTTP 存档</translation>
    </message>
    <message>
        <source>Live traffic</source>
        <translation>实时流量</translation>
    </message>
    <message>
        <source>The gateway is stopped.</source>
        <translation>网关已停止。</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>启动(&amp;S)</translation>
    </message>
    <message>
        <source>Send one &amp;now</source>
        <translation>立即发送一个(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Copy test curl</source>
        <translation>复制测试 curl(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Clear filter</source>
        <translation>清除筛选(&amp;C)</translation>
    </message>
    <message>
        <source>Waiting for requests on %1:%2.</source>
        <translation>正在 %1:%2 上等待请求。</translation>
    </message>
    <message>
        <source>No request matches “%1”.</source>
        <translation>没有请求匹配“%1”。</translation>
    </message>
    <message>
        <source>%1 shown / %2</source>
        <translation>显示 %1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new ↓</source>
        <translation>
            <numerusform>%n 个新请求 ↓</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new, go to the end</source>
        <translation>
            <numerusform>%n 个新请求，转到末尾</numerusform>
        </translation>
    </message>
    <message>
        <source>The traffic is cleared.</source>
        <translation>流量已清空。</translation>
    </message>
    <message>
        <source>Comment on #%1</source>
        <translation>#%1 的注释</translation>
    </message>
    <message>
        <source>&amp;Comment:</source>
        <translation>注释(&amp;C)：</translation>
    </message>
    <message>
        <source>&amp;Filter by this</source>
        <translation>按此筛选(&amp;F)</translation>
    </message>
    <message>
        <source>E&amp;xclude this</source>
        <translation>排除此项(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Mark (Space)</source>
        <translation>标记 (Space)(&amp;M)</translation>
    </message>
    <message>
        <source>C&amp;omment… (M)</source>
        <translation>注释… (M)(&amp;O)</translation>
    </message>
    <message>
        <source>The gateway does not answer. It is asked until it does.</source>
        <translation>网关没有响应，将持续询问直到它响应。</translation>
    </message>
</context>
<context>
    <name>postern::gui::VerdictBar</name>
    <message>
        <source>&amp;Re-sign</source>
        <translation>重新签名(&amp;R)</translation>
    </message>
    <message>
        <source>Find out &amp;why</source>
        <translation>查明原因(&amp;W)</translation>
    </message>
    <message>
        <source>Choose a consumer, type a secret, or drop a key file.</source>
        <translation>选择消费者、输入机密，或拖放密钥文件。</translation>
    </message>
    <message>
        <source>Signed with %1.</source>
        <translation>使用 %1 签名。</translation>
    </message>
    <message>
        <source>The client gets %1.</source>
        <translation>客户端收到 %1。</translation>
    </message>
    <message>
        <source>≠ The profiles do not agree; see the checks.</source>
        <translation>≠ 各配置档结论不一致；请参阅检查。</translation>
    </message>
    <message>
        <source>clock set to %1</source>
        <translation>时钟设为 %1</translation>
    </message>
    <message>
        <source>clock %1</source>
        <translation>时钟 %1</translation>
    </message>
    <message>
        <source>No key; %1</source>
        <translation>无密钥；%1</translation>
    </message>
    <message>
        <source>Key: %1; %2</source>
        <translation>密钥：%1；%2</translation>
    </message>
    <message>
        <source>Paste a token, drop a file, or mint one for a consumer.</source>
        <translation>粘贴令牌、拖放文件，或为消费者签发令牌。</translation>
    </message>
    <message>
        <source>&amp;Re-sign with %1</source>
        <translation>使用 %1 重新签名(&amp;R)</translation>
    </message>
    <message>
        <source>Cannot sign: %1</source>
        <translation>无法签名：%1</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>The signature fits %1.</source>
        <translation>签名与 %1 匹配。</translation>
    </message>
    <message>
        <source>Note: %1.</source>
        <translation>备注：%1。</translation>
    </message>
    <message>
        <source>Found: %1 [%2]</source>
        <translation>发现：%1 [%2]</translation>
    </message>
    <message>
        <source>Found: nothing explains it.</source>
        <translation>发现：没有可解释的原因。</translation>
    </message>
    <message numerus="yes">
        <source>Tried in %1 ms, %n signatures: %2.</source>
        <translation>
            <numerusform>在 %1 毫秒内尝试了 %n 个签名：%2。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped before the end.</source>
        <translation>未完成即停止。</translation>
    </message>
</context>
<context>
    <name>postern::gui::WindowService</name>
    <message>
        <source>Secrets are locked.</source>
        <translation>机密已锁定。</translation>
    </message>
</context>
<context>
    <name>postern::gui::Workspace</name>
    <message numerus="yes">
        <source>Save %n change(s)</source>
        <translation>
            <numerusform>保存 %n 项更改</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard changes of %1</source>
        <translation>放弃 %1 的更改</translation>
    </message>
    <message numerus="yes">
        <source>Saved %n change(s)</source>
        <translation>
            <numerusform>已保存 %n 项更改</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>重做：%1</translation>
    </message>
</context>
</TS>
