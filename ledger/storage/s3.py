"""Files in a bucket of S3, or of whatever speaks like it.

Put if absent (`If-None-Match: *`), each with its SHA-256 for the storage to check; what is final is kept by Object Lock
from whoever has our key. A storage that is silent costs seconds, not minutes, and leaves as Unavailable.
"""

import base64
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ledger.storage import FINAL, INCOMING, PIECE, Differs, Locked, Lying, Unavailable
from rulebook import clock
from rulebook.watched import watched

CONNECT, READ, TRIES = 3, 15, 3  # seconds, seconds, times
GONE = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchVersion"})
THERE = frozenset({"412", "PreconditionFailed"})
AT_ONCE = frozenset({"409", "ConditionalRequestConflict"})  # somebody puts the same just now
KEPT = frozenset({"403", "AccessDenied", "ObjectLocked"})  # what forgetting under a lock is answered with
COPIED = 1 << 30  # bytes the storage copies at once; it takes no more than five times that


class Bucket:
    """A bucket, its name, and how it is reached. Safe for many threads; a process that forks makes its own client."""

    remote = True

    def __init__(
        self, *, bucket: str, endpoint: str, public: str, region: str, key: str, secret: str, style: str, lock: str,
        lock_days: int,
    ) -> None:  # fmt: skip
        self.name, self.endpoint, self.public = bucket, endpoint, public or endpoint
        self._told = {"region_name": region or None, **_credentials(key, secret)}
        self._style, self._lock, self._lock_days = style, lock, lock_days
        self.silent_until = 0.0  # of `time.monotonic`; while it lasts, nobody waits for it who need not
        self._clients: dict[tuple[int, str], Any] = {}
        self._one = Lock()

    @property
    def client(self) -> Any:
        """The client of this process."""
        return self._client(self.endpoint)

    def _client(self, endpoint: str) -> Any:
        with self._one:
            found = self._clients.get((os.getpid(), endpoint))
            if found is None:
                config = Config(
                    signature_version="s3v4",
                    connect_timeout=CONNECT,
                    read_timeout=READ,
                    retries={"mode": "standard", "total_max_attempts": TRIES},
                    max_pool_connections=32,
                    s3={"addressing_style": self._style},
                    # Ours go with every file that is kept; a storage that is not Amazon's may not know the others.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                )
                session = boto3.session.Session()
                found = session.client("s3", endpoint_url=endpoint or None, config=config, **self._told)
                self._clients[(os.getpid(), endpoint)] = found
            return found

    def put(self, name: str, file: BinaryIO, *, sha256: str, size: int, again: bool = False) -> None:
        told = {"Body": file, "ContentLength": size, **self._final(name)}
        told |= {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": in_base64(sha256)}
        if not again:
            told["IfNoneMatch"] = "*"
        try:
            with asked(name):
                self.client.put_object(Bucket=self.name, Key=name, **told)
        except FileExistsError as there:
            try:
                self._same(name, sha256)
            except FileNotFoundError:
                raise Unavailable(f"{name}: somebody is putting it just now") from there

    def take(self, path: Path, name: str, *, sha256: str, size: int, again: bool = False) -> None:
        with path.open("rb") as file:
            self.put(name, file, sha256=sha256, size=size, again=again)

    def copy(self, source: str, name: str, *, sha256: str) -> None:
        if self._is_there(name, sha256):
            self.hold(name)
            return
        version, size = self.verified(source, sha256)
        self.compose(name, [(source, version, size)])

    def confirm(self, name: str, sha256: str) -> None:
        self.verified(name, sha256)

    def verified(self, name: str, sha256: str) -> tuple[dict[str, str], int]:
        """Read a file through. What makes a copy a copy of what was read, and its size. Raises Differs."""
        digest, size = hashlib.sha256(), 0
        pieces, version = self.pieces(name)
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
        if digest.hexdigest() != sha256:
            raise Differs(f"{name}: other bytes than were promised")
        return version, size

    def compose(self, name: str, parts: list[tuple[str, dict[str, str], int]]) -> None:
        """Make one file of others, in the storage itself: (name, version as `pieces` gave it, size) of each.

        Whoever comes second makes it once more: under a name of its content that is the same.
        """
        where = {"Bucket": self.name, "Key": name}
        with asked(name):
            if len(parts) == 1 and parts[0][2] <= COPIED:
                self.client.copy_object(**where, **self._copy_of(*parts[0][:2]), ChecksumAlgorithm="SHA256")
            else:
                where["UploadId"] = self.client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")["UploadId"]
                try:
                    made = [self._part(where, number, one) for number, one in enumerate(_ranges(parts), start=1)]
                    self.client.complete_multipart_upload(**where, MultipartUpload={"Parts": made})
                except BaseException:
                    self.client.abort_multipart_upload(**where)
                    raise
        self.hold(name)

    def hold(self, name: str) -> None:
        """Have the storage keep what is final. What is put is held from the start; what is made there, from now on."""
        if lock := self._final(name):
            until = {"Mode": lock["ObjectLockMode"], "RetainUntilDate": lock["ObjectLockRetainUntilDate"]}
            with asked(name):
                self.client.put_object_retention(Bucket=self.name, Key=name, Retention=until)

    def _part(self, where: dict[str, str], number: int, one: tuple[str, dict[str, str], str]) -> dict[str, Any]:
        source, version, piece = one
        told = self._copy_of(source, version) | ({"CopySourceRange": piece} if piece else {})
        answer = self.client.upload_part_copy(**where, PartNumber=number, **told)["CopyPartResult"]
        return {"PartNumber": number} | {name: answer[name] for name in ("ETag", "ChecksumSHA256") if name in answer}

    def _copy_of(self, source: str, version: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = {"CopySource": {"Bucket": self.name, "Key": source}}
        if "VersionId" in version:
            told["CopySource"]["VersionId"] = version["VersionId"]
        return told | {"CopySourceIfMatch": version["ETag"]}

    def open(self, name: str) -> BinaryIO:
        body, _ = self._get(name)
        return io.BufferedReader(_Body(name, body), PIECE)

    def pieces(self, name: str) -> tuple[Iterator[bytes], dict[str, str]]:
        """The bytes in pieces, and what makes a copy a copy of exactly these."""
        body, version = self._get(name)
        return _read(name, body), version

    def _get(self, name: str) -> tuple[Any, dict[str, str]]:
        with asked(name):
            answer = self.client.get_object(Bucket=self.name, Key=name)
        return answer["Body"], {key: answer[key] for key in ("ETag", "VersionId") if answer.get(key)}

    def start(self, name: str, length: int) -> bytes:
        with asked(name):
            answer = self.client.get_object(Bucket=self.name, Key=name, Range=f"bytes=0-{length - 1}")
            return bytes(answer["Body"].read())

    def size(self, name: str) -> int | None:
        try:
            with asked(name):
                return int(self.client.head_object(Bucket=self.name, Key=name)["ContentLength"])
        except FileNotFoundError:
            return None

    def listed(self, prefix: str) -> Iterator[Lying]:
        told: dict[str, Any] = {"Bucket": self.name, "Prefix": prefix}
        while True:
            with asked(prefix):
                answer = self.client.list_objects_v2(**told)
            for row in answer.get("Contents", ()):
                yield Lying(row["Key"], row["Size"], row["LastModified"])
            if not answer.get("IsTruncated"):
                return
            told["ContinuationToken"] = answer["NextContinuationToken"]

    def forget(self, name: str) -> None:
        """Every version goes: what is merely marked as deleted is still there, and still paid for."""
        with asked(name, denied=Locked):
            rows = self.client.list_object_versions(Bucket=self.name, Prefix=name)
            for row in [*rows.get("Versions", ()), *rows.get("DeleteMarkers", ())]:
                if row["Key"] == name:
                    self.client.delete_object(Bucket=self.name, Key=name, VersionId=row["VersionId"])

    def why_not_ready(self) -> str:
        try:
            with asked(self.name):
                self.client.head_bucket(Bucket=self.name)
        except OSError as wrong:
            return str(wrong)
        return ""

    def prepare(self, origins: Sequence[str]) -> None:
        """Make the bucket where there is none, with Object Lock, and say which sites' pages may send files to it.

        What was begun and forgotten, and earlier versions of what lies there for a moment only, goes after some days.
        """
        where = {"Bucket": self.name}
        with asked(self.name):
            try:
                self.client.head_bucket(**where)
            except ClientError as wrong:
                if wrong.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                    raise
                region = self._told["region_name"]
                placed = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
                self.client.create_bucket(**where, ObjectLockEnabledForBucket=bool(self._lock), **placed)
            self.client.put_bucket_versioning(**where, VersioningConfiguration={"Status": "Enabled"})
            rule = {
                "AllowedOrigins": list(origins), "AllowedMethods": ["PUT"], "MaxAgeSeconds": 3600,
                "AllowedHeaders": ["content-type", "if-none-match", "x-amz-checksum-sha256"],
            }  # fmt: skip
            self.client.put_bucket_cors(**where, CORSConfiguration={"CORSRules": [rule]})
            swept = {
                "ID": "incoming", "Status": "Enabled", "Filter": {"Prefix": f"{INCOMING}/"},
                "Expiration": {"Days": 14}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            }  # fmt: skip
            broken = {
                "ID": "broken-off", "Status": "Enabled", "Filter": {"Prefix": ""},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            }  # fmt: skip
            self.client.put_bucket_lifecycle_configuration(**where, LifecycleConfiguration={"Rules": [swept, broken]})

    def faults(self) -> Iterator[str]:
        """What of the promises made about this storage it does not keep, found by trying; for the operators."""
        wrong = self.why_not_ready()
        if wrong:
            yield wrong
            return
        where = {"Bucket": self.name}
        with asked(self.name):
            if self.client.get_bucket_versioning(**where).get("Status") != "Enabled":
                yield "the bucket keeps no versions"
        name, data = f"{INCOMING}/check-{secrets.token_hex(8)}", b"is it kept?"
        told = {**where, "Key": name, "ChecksumAlgorithm": "SHA256"}
        right = in_base64(hashlib.sha256(data).hexdigest())
        try:
            if self._takes({**told, "Body": data, "ChecksumSHA256": in_base64("0" * 64)}):
                yield "it takes bytes that are not what their checksum says"
                self.forget(name)
            self._takes({**told, "Body": data, "ChecksumSHA256": right})
            if self._takes({**told, "Body": data, "ChecksumSHA256": right, "IfNoneMatch": "*"}):
                yield "it puts over what is there already (If-None-Match is not heeded)"
        finally:
            self.forget(name)
        if self._lock:
            try:
                with asked(self.name):
                    self.client.get_object_lock_configuration(**where)
            except OSError:
                yield "the bucket has no Object Lock"

    def _takes(self, told: dict[str, Any]) -> bool:
        try:
            self.client.put_object(**told)
        except ClientError:
            return False
        return True

    def offered(self, name: str, *, sha256: str, size: int, seconds: int) -> tuple[str, dict[str, str]]:
        """An address to put exactly these bytes to, for a while and once, and the headers to send with them."""
        told = {"ContentLength": size, "ChecksumSHA256": in_base64(sha256), "IfNoneMatch": "*"}
        url = self._client(self.public).generate_presigned_url(
            "put_object", Params={"Bucket": self.name, "Key": name, **told}, ExpiresIn=seconds, HttpMethod="PUT"
        )
        return url, {"x-amz-checksum-sha256": told["ChecksumSHA256"], "If-None-Match": "*"}

    @property
    def origin(self) -> str:
        """Scheme and host of those addresses, as a browser compares them."""
        url = urlsplit(self.offered("x", sha256="00" * 32, size=0, seconds=1)[0])
        return f"{url.scheme}://{url.netloc}"

    def _final(self, name: str) -> dict[str, Any]:
        if name.partition("/")[0] not in FINAL or not self._lock:
            return {}
        until = clock.now() + timedelta(days=self._lock_days)
        return {"ObjectLockMode": self._lock, "ObjectLockRetainUntilDate": until}

    def _is_there(self, name: str, sha256: str) -> bool:
        try:
            self._same(name, sha256)
        except FileNotFoundError:
            return False
        return True

    def _same(self, name: str, sha256: str) -> None:
        """Raises Differs where other bytes lie there. The storage's own word counts for yes, never for no."""
        with asked(name):
            head = self.client.head_object(Bucket=self.name, Key=name, ChecksumMode="ENABLED")
        if head.get("ChecksumSHA256") != in_base64(sha256):
            self.verified(name, sha256)


class _Body(io.RawIOBase):
    """A body on its way, so that what goes wrong with it is Unavailable like all else."""

    def __init__(self, name: str, body: Any) -> None:
        self._name, self._body = name, body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with asked(self._name):
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


def _read(name: str, body: Any) -> Iterator[bytes]:
    with asked(name):
        yield from iter(lambda: body.read(PIECE), b"")


def _ranges(parts: list[tuple[str, dict[str, str], int]]) -> Iterator[tuple[str, dict[str, str], str]]:
    for name, version, size in parts:
        if size <= COPIED:
            yield name, version, ""
            continue
        for begin in range(0, size, COPIED):
            yield name, version, f"bytes={begin}-{min(begin + COPIED, size) - 1}"


@contextmanager
def asked(name: str, denied: Callable[[str], OSError] | None = None) -> Iterator[None]:
    """Around a question to the storage: what it answers in the words of the house."""
    with watched("storage"), _in_our_words(name, denied):
        yield


@contextmanager
def _in_our_words(name: str, denied: Callable[[str], OSError] | None) -> Iterator[None]:
    try:
        yield
    except ClientError as wrong:
        code, status = wrong.response["Error"]["Code"], wrong.response["ResponseMetadata"]["HTTPStatusCode"]
        if code in GONE and code != "NoSuchBucket":
            raise FileNotFoundError(f"{name}: not in the storage") from None
        if code in THERE or code in AT_ONCE:
            raise FileExistsError(f"{name}: there already") from None
        if denied and code in KEPT:
            raise denied(f"{name}: kept by the storage") from None
        raise Unavailable(f"the storage answered {status} {code}") from None
    except (BotoCoreError, OSError) as wrong:
        if isinstance(wrong, (Unavailable, FileNotFoundError, FileExistsError, Differs, Locked)):
            raise
        raise Unavailable(f"the storage does not answer: {type(wrong).__name__}") from None


def _credentials(key: str, secret: str) -> dict[str, str]:
    """Empty where none are told: then the machine's role counts, as the client itself finds it."""
    return {"aws_access_key_id": key, "aws_secret_access_key": secret} if key else {}


def in_base64(sha256: str) -> str:
    """A hash in hex as S3 spells it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()
