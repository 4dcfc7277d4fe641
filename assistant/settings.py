"""Settings of the assistant: flag over environment (`MORGUE_...`) over morgue.toml over default."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from assistant.answer import Mode
from ingest.settings import Configured


class Settings(Configured):
    """How questions are answered. Read once at the edge and passed on."""

    only_own = frozenset({"base_url", "api_key"})
    model_config = SettingsConfigDict(
        env_prefix="MORGUE_",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    model: str | None = Field(
        default=None,
        description=(
            "The language model that writes: its name at the server, `PLUGIN:NAME` for one that "
            "an installed package offers, or `none` to answer by quotations alone."
        ),
    )
    base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("MORGUE_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
        repr=False,  # it may carry a password
        description="An OpenAI-compatible server; OPENAI_BASE_URL is honoured too.",
    )
    api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MORGUE_API_KEY", "OPENAI_API_KEY"),
        description="The key of that server; OPENAI_API_KEY is honoured too.",
    )
    model_timeout: float = Field(
        default=120.0,
        gt=0,
        description=(
            "Seconds that a model may be silent, before its first word too: a small machine "
            "reads for a minute before it speaks."
        ),
    )
    answer_timeout: float = Field(
        default=300.0, gt=0, description="Seconds that a model may take for one reply, all in all."
    )
    sentences: int = Field(default=5, ge=1, le=50, description="The most sentences of an answer.")
    budget: int | None = Field(
        default=None,
        ge=50,
        description=(
            "About how many words of articles a model is given to read: by default 1500, and 200 "
            "for one that runs on this machine."
        ),
    )
    mode: Mode = Field(
        default="auto",
        description="`quotes`, `written`, or `auto`: written where a model is configured.",
    )
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How well the best passage must fit before anything is answered.",
    )
    checker: str = Field(
        default="auto",
        description=(
            "Who judges written sentences: `model` (a language model, once it has passed its "
            "examination), `onnx:NAME` (a cross-encoder), `words` (near copies alone stand), or "
            "`auto`: the model if it passes, else the small reader."
        ),
    )
    checker_model: str | None = Field(
        default=None,
        description="The language model that judges, where it is another than the one that writes.",
    )
    prompts: Path | None = Field(
        default=None, description="A folder whose prompts take the place of those of the same name."
    )


class Planning(Configured):
    """Who tells what a question wants."""

    model_config = Settings.model_config

    plan: Literal["rules", "model"] = Field(
        default="rules",
        description=(
            "Who tells what a question wants where its form does not: the `rules` take it for one "
            "that wants an answer; the `model` that writes is asked before it."
        ),
    )


class Keeping(Configured):
    """What is kept of the answers that were given."""

    model_config = Settings.model_config

    records: int = Field(
        default=1000,
        ge=0,
        description="How many answers are kept on record for each archive and key; 0 keeps none.",
    )


class Serving(Configured):
    """Where it is served, to whom, and how much. Read once at the edge and passed on."""

    only_own = frozenset({"cors", "host"})
    model_config = Settings.model_config

    host: str = Field(
        default="127.0.0.1", description="The address that `morgue serve` listens at."
    )
    port: int = Field(default=7860, ge=0, le=65535, description="The port that it listens at.")
    rate: int = Field(
        default=600,
        ge=0,
        description="Requests a minute for a key that has no rate of its own; 0: any.",
    )
    request_timeout: float = Field(
        default=600.0, gt=0, description="Seconds that one request may take, all in all."
    )
    audit: bool = Field(
        default=True, description="Whether `audit.jsonl` beside the archive keeps who asked what."
    )
    log: Literal["problems", "requests"] = Field(
        default="problems",
        description="What `morgue serve` logs, as lines of JSON: `problems`, or all `requests`.",
    )
    log_questions: bool = Field(
        default=False, description="Whether the log and traces may hold the words of questions."
    )
    cors: str = Field(
        default="",
        description="Origins whose pages may ask, with spaces between them; none by default.",
    )
    keeper: str = Field(
        default="",
        description="Whom readers ask for articles: a name, or how to reach them.",
    )


class SigningIn(Configured):
    """Who signs in, and for how long. Read once at the edge and passed on."""

    only_own = frozenset({"sign_in", "proxies", "proxy_header", "session_idle", "session_longest"})
    model_config = Settings.model_config

    sign_in: Literal["auto", "always"] = Field(
        default="auto",
        description=(
            "Who signs in or has a key: whoever comes from beyond this machine (`auto`), or "
            "everybody (`always`), as behind a proxy on the same machine."
        ),
    )
    session_idle: float = Field(
        default=12.0, gt=0, description="Hours after which a session that is not used is over."
    )
    session_longest: float = Field(
        default=168.0, gt=0, description="Hours after which every session is over."
    )
    proxies: str = Field(
        default="",
        description=(
            "Addresses and networks of the reverse proxies that are believed, with spaces between "
            "them: who asks through them, and from where."
        ),
    )
    proxy_header: str = Field(
        default="",
        description=(
            "The header in which such a proxy names who has signed in there (`Remote-User`); none "
            "is believed by default."
        ),
    )


class OpenIdConnect(Configured):
    """Who else says who somebody is: an OpenID Connect provider. Read once at the edge."""

    only_own = frozenset(
        {
            "oidc_issuer", "oidc_client", "oidc_secret", "oidc_name", "oidc_scopes", "oidc_hosts",
            "oidc_claim", "oidc_groups", "oidc_admins", "oidc_readers", "oidc_collections",
        }
    )  # fmt: skip
    model_config = Settings.model_config

    oidc_issuer: str = Field(
        default="",
        description=(
            "The OpenID Connect provider at which people sign in, as it names itself: "
            "`https://sso.example.org/realms/news`; none by default. MORGUE_PUBLIC_URL says where "
            "they come back to."
        ),
    )
    oidc_client: str = Field(default="", description="The name of this server at the provider.")
    oidc_secret: SecretStr | None = Field(
        default=None, description="The secret of that client; none for a public one."
    )
    oidc_name: str = Field(
        default="", description="What the button says: `Sign in with NAME`; by default its host."
    )
    oidc_scopes: str = Field(
        default="openid profile email", description="What the provider is asked to tell."
    )
    oidc_hosts: str = Field(
        default="",
        description=(
            "Further hosts that the provider's addresses may be at, with spaces between them, "
            "where one has several (`oauth2.googleapis.com www.googleapis.com`)."
        ),
    )
    oidc_claim: str = Field(
        default="preferred_username",
        description=(
            "The claim of the ID token that names the person: one that nobody may change for "
            "themselves (`email` counts only where it is verified)."
        ),
    )
    oidc_groups: str = Field(
        default="groups",
        description="The claim that names the person's groups; dots lead into it.",
    )
    oidc_admins: str = Field(
        default="", description="The groups whose people are admins, with commas between them."
    )
    oidc_readers: str = Field(
        default="",
        description="The groups whose people see the whole archive, with commas between them.",
    )
    oidc_collections: str = Field(
        default="",
        description=(
            "The groups whose people see some collections, with commas between them: "
            "`sport=sport, desk=city, desk=politics`."
        ),
    )


class Alerting(Configured):
    """Where alerts of saved searches may be sent, and how. Read once at the edge and passed on."""

    only_own = frozenset({"webhooks", "smtp_url", "mail_from", "mail_to", "public_url"})
    model_config = Settings.model_config

    webhooks: str = Field(
        default="",
        description=(
            "Where webhooks may go, with spaces between them: hosts (`hooks.example.org`, "
            "`.example.org` for all below it, `http://10.0.0.7:8080` for one without TLS) and "
            "networks (`10.0.0.0/8`), without which no private address is reached. None by default."
        ),
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description=(
            "The server that takes mail: `smtps://USER:PASSWORD@HOST`, `smtp://` with STARTTLS, "
            "or `smtp+plain://127.0.0.1` for one on this machine."
        ),
    )
    mail_from: str = Field(
        default="", description="The address that mail comes from: `morgue@example.org`."
    )
    mail_to: str = Field(
        default="",
        description=(
            "To whom mail may go, with spaces between them: addresses, or `@example.org` for all "
            "of a domain. Nobody by default."
        ),
    )
    public_url: str = Field(
        default="",
        description="The address by which others reach `morgue serve`, its pages and its feeds.",
    )
    watch_seconds: float = Field(
        default=60.0,
        ge=0,
        description="Seconds between two looks of `morgue serve` at the watches; 0: never.",
    )
