"""A file encrypted with age (age-encryption.org), whose own tools read it, too."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyrage

from ingest.archive.sqlite import no_space
from ingest.errors import ArchiveError

_HEAD = b"age-encryption.org/v1"
_SECRET, _PUBLIC, _SSH = "AGE-SECRET-KEY-1", "age1", "ssh-"
_NOT_A_KEY = "a key is a line of `age-keygen`, or one that `morgue backup --new-key` wrote"


def is_encrypted(file: Path) -> bool:
    """Tell whether a file was encrypted with age."""
    with file.open("rb") as opened:
        return opened.read(len(_HEAD)) == _HEAD


def make_key(file: Path) -> None:
    """Write a new key to a file that is not there yet, for its owner alone."""
    key = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ArchiveError(f"{str(file)!r} is there already", "choose another name") from error
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(f"# public key: {key.to_public()}\n{key}\n")


def encrypt(file: Path, to: Path, key: Path) -> None:
    """Encrypt a file for every key that stands in another, public or secret.

    Raises ArchiveError where that holds no key.
    """
    recipients = [_recipient(line, key) for line in _lines(key)]
    if not recipients:
        raise ArchiveError(f"{str(key)!r} holds no key", _NOT_A_KEY)
    try:
        pyrage.encrypt_file(str(file), str(to), recipients)
    except (pyrage.EncryptError, OSError) as error:
        raise _failed(error, f"{str(file)!r} cannot be encrypted") from error


def decrypt(file: Path, to: Path, key: Path) -> None:
    """Decrypt a file by the secret keys that stand in another.

    Raises ArchiveError where none of them opens it, or where it is not whole.
    """
    identities = [_identity(line, key) for line in _lines(key) if line.startswith(_SECRET)]
    if not identities:
        raise ArchiveError(f"{str(key)!r} holds no secret key", _NOT_A_KEY)
    try:
        pyrage.decrypt_file(str(file), str(to), identities)
    except (pyrage.DecryptError, OSError) as error:
        raise _failed(error, f"{str(file)!r} cannot be decrypted with {str(key)!r}") from error


def _failed(error: Exception, what: str) -> ArchiveError:
    """Return our error for one of the library's, which has no number of the system's."""
    if "No space left" in str(error):
        return no_space(error)
    return ArchiveError(
        f"{what}: {error}", "name the key that it was encrypted with, or take another backup"
    )


def _lines(key: Path) -> list[str]:
    try:
        lines = key.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{str(key)!r} cannot be read: {error}", _NOT_A_KEY) from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _recipient(line: str, key: Path) -> object:
    with _told(key):
        if line.startswith(_SECRET):
            return pyrage.x25519.Identity.from_str(line).to_public()
        if line.startswith(_SSH):
            return pyrage.ssh.Recipient.from_str(line)
        return pyrage.x25519.Recipient.from_str(line)


def _identity(line: str, key: Path) -> object:
    with _told(key):
        return pyrage.x25519.Identity.from_str(line)


@contextlib.contextmanager
def _told(key: Path) -> Iterator[None]:
    try:
        yield
    except (pyrage.RecipientError, pyrage.IdentityError) as error:
        raise ArchiveError(f"{str(key)!r} holds what is no key: {error}", _NOT_A_KEY) from error
