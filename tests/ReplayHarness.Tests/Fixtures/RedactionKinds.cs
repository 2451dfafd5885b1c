namespace ReplayHarness.Tests.Fixtures;

/// <summary>
/// What redaction is measured on, one kind a line: its name, and a text with the value between ⟦ and ⟧. What stands in { } is made anew
/// for each run of the tests, so no secret stands here that any scanner would take for one; ⏎ is the end of a line.
/// </summary>
internal static class RedactionKinds
{
    /// <summary>Tokens that say whose they are.</summary>
    public const string Tokens = """
        adobe client secret | use ⟦p8e-{l32}⟧ for it
        age secret key | use ⟦AGE-SECRET-KEY-1{u58}⟧ for it
        alibaba access key id | use ⟦LTAI{l20}⟧ for it
        anthropic admin api key | use ⟦sk-ant-admin01-{a95}⟧ for it
        key that begins with AKCp | use ⟦AKCp{a69}⟧ for it
        aws token | use ⟦AKIA{u16}⟧ for it
        aws amazon bedrock api key long lived | use ⟦ABSK{b108}⟧ for it
        aws amazon bedrock api key short lived | use ⟦bedrock-api-key-{a40}⟧ for it
        cloudflare origin ca key | use ⟦v1.0-{h24}-{h146}⟧ for it
        digitalocean token | use ⟦doo_v1_{h64}⟧ for it
        digitalocean pat | use ⟦dop_v1_{h64}⟧ for it
        duffel api token | use ⟦duffel_{l4}_{l43}⟧ for it
        dynatrace api token | use ⟦dt0c01.{l24}.{l64}⟧ for it
        easypost api token | use ⟦EZAK{l54}⟧ for it
        easypost test api token | use ⟦EZTK{l54}⟧ for it
        flutterwave encryption key | use ⟦FLWSECK_TEST-{h12}⟧ for it
        flutterwave secret key | use ⟦FLWSECK_TEST-{h32}-X⟧ for it
        github app token | use ⟦ghu_{a36}⟧ for it
        github oauth | use ⟦gho_{a36}⟧ for it
        github pat | use ⟦ghp_{a36}⟧ for it
        github refresh token | use ⟦ghr_{a36}⟧ for it
        gitlab cicd job token | use ⟦glcbt-{h1}_{a20}⟧ for it
        gitlab feature flag client token | use ⟦glffct-{a20}⟧ for it
        gitlab feed token | use ⟦glft-{a20}⟧ for it
        gitlab incoming mail token | use ⟦glimt-{a25}⟧ for it
        gitlab kubernetes agent token | use ⟦glagent-{a50}⟧ for it
        gitlab pat | use ⟦glpat-{a20}⟧ for it
        gitlab ptt | use ⟦glptt-{h40}⟧ for it
        gitlab rrt | use ⟦GR1348941{a20}⟧ for it
        gitlab runner authentication token routable | use ⟦glrt-t{d1}_{a14}-{a14}.{l9}⟧ for it
        gitlab scim token | use ⟦glsoat-{a20}⟧ for it
        gitlab session cookie | use _gitlab_session=⟦{h32}⟧ for it
        harness api key | use ⟦sat.{a22}.{h24}.{a20}⟧ for it
        huggingface token | use ⟦hf_{l34}⟧ for it
        intra42 client secret | use ⟦s-s4t2ud-{h64}⟧ for it
        jwt | use ⟦eyJ{a30}.eyJ{a40}.{a43}⟧ for it
        maxmind license key | use ⟦{a6}_{a29}_mmk⟧ for it
        planetscale oauth token | use ⟦pscale_oauth_{a43}⟧ for it
        planetscale password | use ⟦pscale_pw_{a40}⟧ for it
        prefect api token | use ⟦pnu_{a36}⟧ for it
        pulumi api token | use ⟦pul-{h40}⟧ for it
        pypi upload token | use ⟦pypi-AgEIcHlwaS5vcmc{a70}⟧ for it
        scalingo api token | use ⟦tk-us-{a48}⟧ for it
        sentry org token | use ⟦sntrys_eyJpYXQiO{a52}LCJyZWdpb25fdXJsIjoi{a20}==_{a43}⟧ for it
        sentry user token | use ⟦sntryu_{h64}⟧ for it
        settlemint application token | use ⟦sm_aat_{a16}⟧ for it
        settlemint personal token | use ⟦sm_pat_{a16}⟧ for it
        shopify token | use ⟦shpat_{h32}⟧ for it
        shopify custom token | use ⟦shpca_{h32}⟧ for it
        shopify private app token | use ⟦shppa_{h32}⟧ for it
        shopify shared secret | use ⟦shpss_{h32}⟧ for it
        slack app token | use ⟦xapp-1-A{u10}-{d13}-{h64}⟧ for it
        slack config token | use ⟦xoxe.xoxp-1-{u165}⟧ for it
        slack config refresh token | use ⟦xoxe-1-{u146}⟧ for it
        slack legacy token | use ⟦xoxs-{d10}-{d10}-{d10}-{h32}⟧ for it
        slack user token | use ⟦xoxp-{d12}-{d12}-{d12}-{h32}⟧ for it
        stripe token | use ⟦rk_live_{a24}⟧ for it
        vault batch token | use ⟦hvb.{a141}⟧ for it
        Groq key | ⟦gsk_{a52}⟧
        xAI key | use ⟦xai-{a80}⟧ now
        Perplexity key | use ⟦pplx-{a48}⟧ now
        Langfuse secret key | use ⟦sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}⟧ now
        Logfire read token | use ⟦pylf_v1_eu_{a43}⟧ now
        Fireworks key | use ⟦fw_{a24}⟧ now
        Notion token | use ⟦ntn_{a46}⟧ now
        Linear key | use ⟦lin_api_{a40}⟧ now
        Atlassian token | use ⟦ATATT3xFfGF0{a180}⟧ now
        Doppler token | use ⟦dp.pt.{a43}⟧ now
        Docker PAT | use ⟦dckr_pat_{a27}⟧ now
        Mailgun key | use ⟦key-{h32}⟧ now
        Square token | use ⟦EAAAE{a59}⟧ now
        PlanetScale | use ⟦pscale_tkn_{a43}⟧ now
        age key | ⟦AGE-SECRET-KEY-1{u58}⟧
        JWT unsecured (no signature) | jwt ⟦eyJ{a20}.{a43}.⟧ x
        JWE 5 parts | ⟦eyJ{a30}.{a40}.{a16}.{a60}.{a22}⟧
        """;

    /// <summary>Secrets that stand behind a label.</summary>
    public const string Labelled = """"
        algolia api key | export ALGOLIA_API_KEY='⟦{l32}⟧'
        asana client secret | {"asana_client_secret": "⟦{l32}⟧"}
        beamer api token | export BEAMER_API_TOKEN='⟦b_{l44}⟧'
        bitbucket client secret | BITBUCKET_CLIENT_SECRET=⟦{a64}⟧
        cisco meraki api key | CISCO_MERAKI_API_KEY=⟦{h40}⟧
        cloudflare global api key | export CLOUDFLARE_GLOBAL_API_KEY='⟦{h37}⟧'
        confluent token | export CONFLUENT_ACCESS_TOKEN='⟦{l16}⟧'
        contentful delivery api token | CONTENTFUL_DELIVERY_API_TOKEN=⟦{a43}⟧
        datadog token | datadog_access_token: ⟦{h40}⟧
        defined networking api token | export DEFINED_NETWORKING_API_TOKEN='⟦dnkey-{l26}-{l52}⟧'
        dropbox api token | dropbox_api_token: ⟦{l15}⟧
        etsy token | etsy_access_token: ⟦{l24}⟧
        facebook secret | facebook_secret: ⟦{h32}⟧
        finicity client secret | FINICITY_CLIENT_SECRET=⟦{l20}⟧
        finnhub token | finnhub_access_token: ⟦{l20}⟧
        freshbooks token | FRESHBOOKS_ACCESS_TOKEN=⟦{l64}⟧
        gitter token | {"gitter_access_token": "⟦{l40}⟧"}
        gocardless api token | gocardless_api_token: ⟦live_{l40}⟧
        intercom api key | export INTERCOM_API_KEY='⟦{l60}⟧'
        jfrog api key | JFROG_API_KEY=⟦{l73}⟧
        jfrog identity token | JFROG_IDENTITY_TOKEN=⟦{l64}⟧
        kraken token | {"kraken_access_token": "⟦{l90}⟧"}
        kucoin token | {"kucoin_access_token": "⟦{h24}⟧"}
        kucoin secret key | KUCOIN_SECRET_KEY=⟦{h8}-{h4}-{h4}-{h4}-{h12}⟧
        launchdarkly token | export LAUNCHDARKLY_ACCESS_TOKEN='⟦{l40}⟧'
        linear client secret | LINEAR_CLIENT_SECRET=⟦{h32}⟧
        linkedin client secret | linkedin_client_secret: ⟦{l16}⟧
        lob pub api key | lob_pub_api_key: ⟦test_pub_{h31}⟧
        looker client secret | LOOKER_CLIENT_SECRET=⟦{l24}⟧
        mailgun private api token | export MAILGUN_PRIVATE_API_TOKEN='⟦key-{h32}⟧'
        mapbox api token | export MAPBOX_API_TOKEN='⟦pk.{l60}.{l22}⟧'
        mattermost token | export MATTERMOST_ACCESS_TOKEN='⟦{l26}⟧'
        netlify token | netlify_access_token: ⟦{l44}⟧
        new relic user api key | export NEW_RELIC_USER_API_KEY='⟦NRAK-{l27}⟧'
        nytimes token | {"nytimes_access_token": "⟦{l32}⟧"}
        okta token | OKTA_ACCESS_TOKEN=⟦00{a40}⟧
        sendbird access id | {"sendbird_access_id": "⟦{h8}-{h4}-{h4}-{h4}-{h12}⟧"}
        sentry token | sentry_access_token: ⟦{h64}⟧
        snyk api token | export SNYK_API_TOKEN='⟦{h8}-{h4}-{h4}-{h4}-{h12}⟧'
        squarespace token | squarespace_access_token: ⟦{h8}-{h4}-{h4}-{h4}-{h12}⟧
        sumologic access id | SUMOLOGIC_ACCESS_ID=⟦{a14}⟧
        sumologic token | export SUMOLOGIC_ACCESS_TOKEN='⟦{l64}⟧'
        travisci token | export TRAVISCI_ACCESS_TOKEN='⟦{l22}⟧'
        twitter token | {"twitter_access_token": "⟦{d19}-{a40}⟧"}
        twitter api secret | {"twitter_api_secret": "⟦{l50}⟧"}
        twitter bearer token | twitter_bearer_token: ⟦{a104}⟧
        typeform api token | typeform_api_token: ⟦tfp_{l6}_{l52}⟧
        yandex token | YANDEX_ACCESS_TOKEN=⟦t1.{a1}.{a86}⟧
        yandex aws token | export YANDEX_AWS_ACCESS_TOKEN='⟦{a40}⟧'
        zendesk secret key | ZENDESK_SECRET_KEY=⟦{l40}⟧
        AWS secret, camel | {"SecretAccessKey":"⟦{a40}⟧","SessionToken":"x"}
        Azure AD client secret | AZURE_CLIENT_SECRET=⟦{a3}8Q~{a34}⟧
        Azure function key | https://f.azurewebsites.net/api/x?code=⟦{a54}==⟧
        Azure DevOps PAT | git clone https://pat:⟦{l52}⟧@dev.azure.com/o/p
        PAT as user in URL | git clone https://⟦{a40}⟧@git.corp.net/o/p.git
        Service Bus key | Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=⟦{a43}=⟧
        Slack d cookie xoxd | Cookie: d=⟦xoxd-{a80}⟧
        SendGrid in header | Authorization: Bearer ⟦SG.{a22}.{a43}⟧
        Kubernetes SA token in kubeconfig | users:⏎- name: a⏎  user:⏎    token: ⟦{a60}⟧
        psql PGPASSWORD | PGPASSWORD=⟦{a14}⟧ psql -h db
        mysql  p | mysql -u app -p⟦{a14}⟧ orders
          token argv | tool --token ⟦{a30}⟧ --host db
        python kwargs list | args=['--password', '⟦{a14}⟧']
        redis URL without user | redis://:⟦{a16}⟧@cache.corp:6379/0
        mongodb+srv | mongodb+srv://app:⟦{a16}⟧@c0.mongodb.net/db
        password with / in URL | postgres://app:⟦{a6}/{u6}⟧@db.corp/x
        SQL identified by | ALTER USER app IDENTIFIED BY '⟦{a14}⟧'
        XML password element | <password>⟦{a14}⟧</password>
        header as pairs | [{"name":"Authorization","value":"Bearer ⟦{a30}⟧"}]
        Proxy-Authorization | Proxy-Authorization: Basic ⟦{basic}⟧
        ApiKey scheme | Authorization: ApiKey ⟦{a40}⟧
        Authorization raw | Authorization: ⟦{a40}⟧
        AWS4 header signature | Authorization: AWS4-HMAC-SHA256 Credential=x/2026/s3/aws4_request, Signature=⟦{h64}⟧
        Set-Cookie second cookie | Cookie: theme=dark; session=⟦{a26}⟧
        OTP code | Your verification code is ⟦{d6}⟧
        PIN | {"pin":"⟦{d6}⟧"}
        German Passwort | Passwort: ⟦{a12}⟧
        Spanish contraseña | contraseña: ⟦{a12}⟧
        Japanese パスワード | パスワード: ⟦{a12}⟧
        password is … | The password is ⟦{a12}⟧ and works.
        table password | | password | ⟦{a12}⟧ |
        passphrase with spaces | {"passphrase":"⟦green lamp {a6}⟧"}
        password: leading < | {"password":"⟦<{a10}⟧"}
        password with quote inside | {"password":"⟦{u5}'{a5}⟧"}
        short hex secret | client_secret: ⟦{h16}⟧
        all digit token | access_token: ⟦{d20}⟧
        encryption key | ENCRYPTION_KEY=⟦{a44}⟧
        ssh private key openssh | -----BEGIN OPENSSH PRIVATE KEY-----⏎⟦{a70}⟧⏎-----END OPENSSH PRIVATE KEY-----
        PGP private block | -----BEGIN PGP PRIVATE KEY BLOCK-----⏎⏎⟦{a64}⟧⏎-----END PGP PRIVATE KEY BLOCK-----
        truncated PEM | -----BEGIN RSA PRIVATE KEY-----⏎⟦{a64}⟧⏎…(truncated)
        seed phrase | mnemonic: ⟦{words12}⟧
        cookies of a response | {"set-cookie":["sid=⟦{a20}⟧; Path=/; HttpOnly"]}
        cookies of an object | {"cookies":{"sid":"⟦{a12}⟧","theme":"dark"}}
        list of passwords | {"password":["⟦{a10}⟧","⟦{a11}⟧"]}
        list of passwords, YAML | passwords:⏎  - ⟦{a10}⟧⏎  - ⟦{a12}⟧⏎next: 1
        block of YAML | password: |⏎  ⟦{a16}⟧⏎port: 5432
        three quotes of TOML | password = """⏎⟦{a16}⟧⏎"""
        column of CSV | user,password,port⏎app,⟦{a12}⟧,5432⏎web,⟦{a12}⟧,5433
        column between tabs | user{tab}password⏎app{tab}⟦{a12}⟧⏎web{tab}⟦{a12}⟧
        column of Markdown | | user | password |⏎|---|---|⏎| app | ⟦{a12}⟧ |⏎| web | ⟦{a12}⟧ |
        half of Basic | Authorization: Basic {basic:⟦{a12}⟧} and ⟦{same}⟧ again
        list of PINs | {"pins":[⟦{D4}⟧,⟦{D4}⟧]}
        """";

    /// <summary>Personal data.</summary>
    public const string Personal = """
        US driving licence | driver license ⟦{U1}{d7}⟧
        UK National Insurance | NI number ⟦AB {d2} {d2} {d2} C⟧
        UK NHS | NHS ⟦{nhs}⟧
        UK passport | passport: ⟦{D9}⟧
        UK sort code and account | pay to ⟦{d2}-{d2}-{d2} {d8}⟧
        UK address | ships to ⟦{D2} Baker Street, London NW{D1} 6XE⟧
        US address | {"address":"⟦{D4} Maple Avenue, Springfield, IL {D5}⟧"}
        German tax id | Steuer-ID ⟦{steuer}⟧
        German identity card | Personalausweis ⟦L{d2}X{d2}T{d3}⟧
        German passport | Reisepass ⟦C{d2}X{d2}T{d2}⟧
        German social insurance | SVNR ⟦{d2}{date:ddMMyy}B{d3}⟧
        Spanish DNI | DNI ⟦{dni}⟧
        French social security | NIR ⟦{nir}⟧
        Dutch BSN | BSN ⟦{bsn}⟧
        Finnish personal code | hetu ⟦{hetu}⟧
        Finnish personal code, alone | it is ⟦{hetu}⟧ there
        Chilean RUT | RUT ⟦{rut}⟧
        Chilean RUT, alone | de ⟦{rut}⟧ es
        Brazilian CPF | CPF ⟦{cpf}⟧
        Brazilian CPF, alone | de ⟦{cpf}⟧ foi
        Mexican CURP | CURP ⟦HEGG{date:yyMMdd}MVZRRL{d2}⟧
        Australian tax file number | TFN ⟦{tfn}⟧
        Canadian social insurance | SIN ⟦{sin}⟧
        Turkish identity number | TCKN ⟦{tckn}⟧
        Chinese resident id | 身份证 ⟦{china}⟧
        US social security number | she has ⟦{ssn}⟧ there
        Swiss AHV | AHV ⟦{ahv}⟧
        Polish PESEL | PESEL ⟦{pesel}⟧
        phone, German | call ⟦0170 {d7}⟧ today
        phone, with a slash | Tel. ⟦030/6{d6}⟧
        phone, with its zero | call ⟦+49 (0)170 {d7}⟧
        phone, French | tél ⟦+33 6 {d2} {d2} {d2} {d2}⟧ merci
        phone, US | call ⟦415 555 {d4}⟧
        phone, Japanese | call ⟦+81 90-{d4}-{d4}⟧
        phone, Indian | call ⟦+91 98{d3} {d5}⟧
        phone, Brazilian | call ⟦+55 11 9{d4}-{d4}⟧
        name, camel case | {"customerName":"⟦{first} {last}⟧"}
        name, nested | {"customer":{"name":"⟦{first} {last}⟧"}}
        name, Arabic | {"full_name":"⟦فاطمة الزهراء⟧"}
        last name | {"lastName":"⟦{last}⟧"}
        name, in capitals elsewhere | {"customer_name":"{first} {last}"} and ⟦{LAST}⟧
        user name | {"username":"⟦{l1}.{last:l}⟧"}
        date of birth | {"date_of_birth":"⟦{date:yyyy-MM-dd}⟧"}
        date of birth, German | geboren am ⟦{date:dd.MM.yyyy}⟧
        date of birth, in two forms | {"dob":"{date:yyyy-MM-dd}"} and ⟦{same:dd.MM.yyyy}⟧
        place | {"lat":⟦{D2}.{d6}⟧,"lon":⟦{D2}.{d6}⟧}
        IPv4, private | host ⟦10.{d1}.{D2}.{D2}⟧ down
        IPv4, private, high | host ⟦10.24.1{d2}.7⟧ down
        IPv4, at home | host ⟦192.168.1{d2}.{D2}⟧ down
        IPv4 with a port | connect ⟦84.1{d2}.33.{D2}⟧:443 failed
        IPv4 in brackets | peer [⟦84.1{d2}.33.{D2}⟧]
        IPv4, a network | range ⟦84.1{d2}.33.0⟧/24
        IPv6 in brackets | http://[⟦2a02:81{d2}:9{h3}:5{h3}:1{h3}:9{h3}:2{h3}:4{h3}⟧]:80/
        IPv6 with a zone | from ⟦fe80::1{h3}:9{h3}:2{h3}:4{h3}⟧%eth0
        email, not in ASCII | mail ⟦jürgen.{last:l}@corp-mail.com⟧
        email, in words | mail ⟦{l5}.{last:l} (at) corp-mail.com⟧
        IBAN, small letters | iban ⟦{iban:de:18}⟧
        IBAN, Norwegian | IBAN ⟦{iban:NO:11}⟧
        IBAN, French, spaced | IBAN ⟦{iban4:FR:23}⟧
        BIC | BIC ⟦COBA{U2}FFXXX⟧
        card, Amex | card ⟦{card:37:15}⟧
        card, Discover | card ⟦{card:6011:16}⟧
        card, JCB | card ⟦{card:3530:16}⟧
        card, Mastercard | card ⟦{card:2223:16}⟧
        card, in a number of an order | order-⟦{card:4:16}⟧-x
        Bitcoin address | send to ⟦{btc}⟧
        vehicle | VIN ⟦WVWZZZ1JZXW{d6}⟧
        hardware address | mac address ⟦{h2}:{h2}:{h2}:{h2}:{h2}:{h2}⟧
        user's folder | /home/⟦{l8}.o⟧/x.py
        user's folder, at the end | cd /home/⟦{l8}.o⟧
        user's folder, with a space | C:\Users\⟦{first} {last}⟧\x.py
        user's folder, Linux within Windows | /mnt/c/Users/⟦{l8}.o⟧/x
        """;

    /// <summary>What has a form that is like one of those, and is none.</summary>
    public const string Innocent = """
        task {h8}-{h4}-4{h3}-a{h3}-{h12} done
        commit {h40} and {h7}
        order {D13} shipped
        SKU {d3}-{d3}-{d4}
        v{D1}.{D2}.{D1}-rc.{D1}
        {D1}.{D1}.{D1}+20260527{d6}
        v{D1}.{D1}.0+build.{D5}
        version {D1}.{D1}.{d3}.{d2}
        Chrome 12{d1}.0.5{d3}.{D3}
        driver 3{d1}.0.{D2}.{d3}
        nginx/1.{D2}.{D1}.{D1} answered
        Server: Apache/2.4.{D2}.{D1}
        {"ts":178{d10}}
        {"ts":"178{d16}"}
        2026-01-{d2} - 2026-02-{d2}
        LEGO {D5}-1
        resp_{h48}
        {"usage":{"input_tokens":{D4},"output_tokens":{D4},"total_tokens":{D4}},"max_tokens":4096}
        token count: {D6}
        next_page_token: {a20}
        {"nextPageToken": "{a24}"}
        {"continuationToken":"{a24}"}
        page_token={a20}&limit=5
        signature=foo(a{D1},B{D1})
        api_key: ${OPENAI_API_KEY}
        {"token_type":"Bearer"}
        Basic understanding-of-{D1}-things is needed
        Token limit.exceeded{D2} x
        {D2}.{d6}, 1{d2}.{d6}
        at 12:{D2}:{D2} and ab:cd:ef
        {h2}:{h2}:{h2}:{h2}:{h2}:{h2}
        {home}/app/src/x{D1}.py and {users}/Shared/y
        @handle{D1} and me@ and a@b
        @types/node@20.{D2}.{D1} react@18.{D1}.0
        git@github.com:org{D1}/repo.git
        +12 {D3} {D3} points
        first_name: string
        {"contact_name": "Support Team"}
        {"display_name":"Find Order"}
        tel: 12345678
        {"idempotency_key": "{h32}"}
        ETag: "{h32}"
        sk-learn-style-pipelines-are-good
        task-sk-abcdefghijklmnopqrst
        AC{h32}
        GB82 ABCD {D4} {D4} {D4} 33
        gpio.pin: {D3}
        led_pin={D3}
        {"gpio":{"pin":{D3}}}
        {"password":{"type":"string","description":"The user's password, 8 or more"}}
        {"errors":{"password":["is too short","must have {D1} characters"]}}
        {"tokens":["Hello","world"]}
        Enter user, password, and code⏎then foo, bar, baz
        SELECT user, password, token⏎FROM users, accounts, sessions
        password, phone and pin are required
        Cookie: theme=dark; lang=en
        """;
}
