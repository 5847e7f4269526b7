"""Does the bureau's own sign-in open the account that two people bound to it, and nothing else? Against npm's `oidc-provider`."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from api import oidc
from api.oidc import NoProviderError, OidcFileError, Pending, Provider, ProviderError
from api.settings import ApiSettings
from registry.accounts import holders, keys
from registry.accounts.refusals import SignInRefusedError
from tests.api.conftest import HOST, TOKEN, Caller, caller_of
from tests.registry.accounts.people import founders, member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.store.engines import Store

PACKAGE = "oidc-provider@8.8.1"
BACK = f"{HOST}/sign-in/oidc/back"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sanquan-tests" / PACKAGE
SCRIPT = Path(__file__).with_name("oidc_provider.mjs")


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A provider that runs: installed once into a cache folder; skipped by name where there is no Node."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: apt-get install nodejs npm")
    if not (CACHE / "node_modules" / "oidc-provider").is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(CACHE), "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]
        subprocess.run(install, check=True, capture_output=True, timeout=300)
    script = CACHE / SCRIPT.name
    shutil.copy(SCRIPT, script)  # Node looks for packages beside the script
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("oidc") / "provider.log").open("w+b")
    running = subprocess.Popen(["node", str(script), str(port), BACK], stdout=subprocess.PIPE, stderr=log)
    assert running.stdout is not None
    line = running.stdout.readline()
    while line and b"listening" not in line:
        line = running.stdout.readline()
    log.seek(0)
    assert line, log.read().decode()
    yield f"http://127.0.0.1:{port}"
    running.kill()
    running.wait()
    running.stdout.close()
    log.close()


@pytest.fixture
def named(store: Store, issuer: str, tmp_path: Path) -> Provider:
    """The provider, named in the data folder."""
    secret = tmp_path / "secret"
    secret.write_text("made-up-secret\n")
    lines = {"issuer": issuer, "client_id": "sanquan", "client_secret_file": str(secret), "redirect_uri": BACK}
    (store.settings.folder / oidc.FILE).write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items()))
    return oidc.provider(store.settings.folder)


@pytest.fixture
def service(store: Store, named: Provider) -> Iterator[Caller]:
    """The service, which has a provider."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


def vouched(url: str, subject: str) -> dict[str, str]:
    """Go through the provider's own pages as a browser would; what it sends the browser back with."""
    with httpx.Client(follow_redirects=False) as browser:
        answer = browser.get(url)
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(str(answer.request.url), answer.headers["location"])
                if target.startswith(BACK):
                    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
                answer = browser.get(target)
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            assert action is not None, answer.text
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
            sent = {"prompt": prompt[1] if prompt else "login", "login": subject, "password": "anything"}
            answer = browser.post(urljoin(str(answer.request.url), action[1]), data=sent)
    pytest.fail("the provider never sent the browser back")


def test_subject_opens_the_account_that_two_people_bound(service: Caller, store: Store, named: Provider) -> None:
    """Code flow with PKCE. Unbound, or bound by one: refused, and no account is made. Bound by two: that account's session."""
    one, two = founders(store)
    who = member(store, "clerk")
    service.app.state.access.look_now()
    before = _count(store)

    def sign_in() -> httpx.Response:
        went = service.get("/sign-in/oidc")
        assert went.status_code == 303
        asked = parse_qs(urlsplit(went.headers["location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["scope"] == ["openid"]
        return service.get("/sign-in/oidc/back", params=vouched(went.headers["location"], "subject-7"))

    assert sign_in().status_code == 401
    secret = keys.bind_subject(store, one.by, who.id, named.issuer, "subject-7")
    assert sign_in().status_code == 401
    holders.confirm_secret(store, two.by, secret)
    done = sign_in()
    assert done.status_code == 200
    assert "url=/sign-in" in done.text
    assert service.get("/v1/session").json()["account"] == who.id
    assert _count(store) == before


def test_answer_that_this_browser_did_not_ask_for_is_refused(service: Caller, store: Store) -> None:
    """Another's state, none, one that was used before, a code that is none: nothing opens."""
    founders(store)
    went = service.get("/sign-in/oidc").headers["location"]
    back = vouched(went, "subject-8")
    for changed in ({"state": "x"}, {"state": ""}, {"code": ""}):
        assert service.get("/sign-in/oidc/back", params=back | changed).status_code == 401
    # the state was used up by the attempt without a code
    assert service.get("/sign-in/oidc/back", params=back).status_code == 401
    fresh = parse_qs(urlsplit(service.get("/sign-in/oidc").headers["location"]).query)
    got = service.get("/sign-in/oidc/back", params={"state": fresh["state"][0], "code": "made-up"})
    assert (got.status_code, got.json()["type"]) == (502, "urn:sanquan:problem:provider")


def test_token_for_another_client_or_attempt_is_refused(named: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nonce of this very attempt, and our own name: a true token of the provider that was made for another opens nothing."""
    pending = Pending()
    url, state = oidc.begin(named, pending)
    back = vouched(url, "subject-9")
    begun = pending.take(state)
    assert begun is not None
    pending.keep(state, "another nonce", begun.verifier)
    with pytest.raises(ProviderError):
        oidc.finish(named, pending, state, back["code"])
    url, state = oidc.begin(named, pending)
    back = vouched(url, "subject-9")
    begun = pending.take(state)
    assert begun is not None
    pending.keep(state, begun.nonce, "another verifier" * 4)
    with pytest.raises(ProviderError):
        oidc.finish(named, pending, state, back["code"])
    url, state = oidc.begin(named, pending)
    assert oidc.finish(named, pending, state, vouched(url, "subject-9")["code"]) == (named.issuer, "subject-9")


def test_attempt_that_took_too_long_is_forgotten() -> None:
    """Ten minutes; each state once."""
    now = [0.0]
    pending = Pending(lambda: now[0])
    pending.keep("a", "n", "v")
    assert pending.take("a") is not None
    assert pending.take("a") is None
    pending.keep("b", "n", "v")
    now[0] = 600
    assert pending.take("b") is None


@pytest.mark.parametrize("issuer_of", ["http://sso.example.cn", "ftp://127.0.0.1", "http://127.0.0.1:9"])
def test_provider_that_is_not_to_be_trusted_or_reached_is_refused(issuer_of: str) -> None:
    """TLS, or this very machine; and whoever does not answer is told as such, in both languages."""
    with pytest.raises(ProviderError, match="统一登录"):
        oidc.begin(Provider(issuer_of, "sanquan", "s", BACK), Pending())


def test_registry_without_a_provider_says_where_one_is_named(tmp_path: Path) -> None:
    """NoProviderError names the file; a slip in it names the line."""
    with pytest.raises(NoProviderError, match=r"oidc\.toml"):
        oidc.provider(tmp_path)
    (tmp_path / oidc.FILE).write_text('issuer = "x"\n')
    with pytest.raises(OidcFileError, match="client_secret_file"):
        oidc.provider(tmp_path)
    with pytest.raises(SignInRefusedError):
        oidc.finish(Provider("http://127.0.0.1:9", "s", "s", BACK), Pending(), "x", "y")


def _count(store: Store) -> int:
    with store.reading() as connection:
        return len(holders.accounts(store, connection))
