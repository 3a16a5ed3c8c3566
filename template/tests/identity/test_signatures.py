"""Attacks on the signature: other algorithms, other keys, other bytes."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import Key

from tests.identity.issuer import Issuer, b64, ec_key, ed_key, rsa_key
from tests.identity.site import call, refused

pytestmark = [pytest.mark.anyio, pytest.mark.item("AUTH-1")]


@pytest.mark.parametrize(
    ("alg", "key"),
    [("RS256", rsa_key()), ("PS256", rsa_key()), ("ES256", ec_key()), ("EdDSA", ed_key())],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated:joserfc.errors.SecurityWarning")
async def test_each_algorithm_of_the_settings_works(issuer: Issuer, alg: str, key: Key) -> None:
    issuer.published = [issuer.public(key)]
    assert (await call(issuer.verifier(), issuer.token(key=key, alg=alg))).status_code == 200


async def test_no_signature_is_refused(issuer: Issuer) -> None:
    for alg in ("none", "ES256"):
        assert await refused(issuer, issuer.forged({"alg": alg}, signature=b""))


async def test_the_public_key_as_an_hmac_secret_is_refused(issuer: Issuer) -> None:
    issuer.published.append(issuer.public(rsa_key()))
    for pem in (rsa_key().as_pem(private=False), ec_key().as_pem(private=False)):
        for kid in ("rsa", "ec"):
            unsigned = issuer.forged({"alg": "HS256", "kid": kid}).rpartition(".")[0]
            mac = hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()
            assert await refused(issuer, f"{unsigned}.{b64(mac)}")


async def test_a_symmetric_key_in_the_key_set_is_not_used(issuer: Issuer) -> None:
    secret = b"k" * 32
    issuer.published.append({"kty": "oct", "kid": "shared", "k": b64(secret)})
    unsigned = issuer.forged({"alg": "HS256", "kid": "shared"}).rpartition(".")[0]
    mac = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    assert await refused(issuer, f"{unsigned}.{b64(mac)}")


async def test_a_foreign_key_under_a_known_id_is_refused(issuer: Issuer) -> None:
    foreign = type(ec_key()).generate_key("P-256", {"kid": "ec"})
    assert await refused(issuer, issuer.token(key=foreign))


async def test_a_key_inside_the_token_is_refused(issuer: Issuer) -> None:
    foreign = type(ec_key()).generate_key("P-256", {"kid": "mine"})
    for kid in ("mine", "ec"):
        header = {"jwk": issuer.public(foreign), "kid": kid}
        assert await refused(issuer, issuer.token(key=foreign, header=header))


async def test_an_algorithm_of_another_key_type_is_refused(issuer: Issuer) -> None:
    issuer.published.append(issuer.public(rsa_key()))
    assert await refused(issuer, issuer.token(header={"kid": "rsa"}))
    assert await refused(issuer, issuer.token(key=rsa_key(), alg="RS256", header={"kid": "ec"}))


async def test_an_algorithm_the_key_is_not_for_is_refused(issuer: Issuer) -> None:
    key = rsa_key("rs-only", "RS256")
    issuer.published.append(issuer.public(key))
    assert not await refused(issuer, issuer.token(key=key, alg="RS256"))
    # No library signs this, so it is put together here: a valid PS256 signature.
    unsigned = issuer.forged({"alg": "PS256", "kid": "rs-only"}).rpartition(".")[0]
    private = key.private_key
    assert private is not None
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
    assert await refused(
        issuer, f"{unsigned}.{b64(private.sign(unsigned.encode(), pss, hashes.SHA256()))}"
    )


async def test_an_algorithm_outside_the_settings_is_refused(issuer: Issuer) -> None:
    issuer.published.append(issuer.public(rsa_key()))
    token = issuer.token(key=rsa_key(), alg="RS256")
    assert (await call(issuer.verifier(), token)).status_code == 200
    narrow = issuer.verifier(algorithms=("ES256",))
    assert (await call(narrow, token)).status_code == 401


async def test_an_encryption_key_does_not_check_signatures(issuer: Issuer) -> None:
    key = rsa_key("enc")
    issuer.published.append(issuer.public(key, use="enc"))
    assert await refused(issuer, issuer.token(key=key, alg="RS256"))


async def test_a_changed_payload_is_refused(issuer: Issuer) -> None:
    header, _, signature = issuer.token(roles=["submitter"]).split(".")
    payload = json.dumps(issuer.claims("person-1", ["submitter", "admin"]))
    assert await refused(issuer, f"{header}.{b64(payload.encode())}.{signature}")


async def test_a_cut_or_padded_signature_is_refused(issuer: Issuer) -> None:
    token = issuer.token()
    for changed in (token[:-4], token[:-1], token + "=", token + "AAAA", token + "."):
        assert await refused(issuer, changed)


async def test_a_short_rsa_key_is_not_used(issuer: Issuer) -> None:
    modulus = b64((1 << 1023).to_bytes(128, "big"))
    issuer.published.append({"kty": "RSA", "kid": "short", "n": modulus, "e": "AQAB"})
    assert await refused(issuer, issuer.forged({"alg": "RS256", "kid": "short"}, b"x" * 128))
