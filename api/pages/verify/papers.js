"use strict";
/* What is in the file that somebody dropped: JSON as it is, the JSON in a PDF or in a 权益保留证明, or the text of the code on a paper. */
Sanquan.papers = (() => {
  const { b64u, b64uText, hex, joined, utf8 } = Sanquan.strict;
  const bad = (zh, en) => new Sanquan.Refused(zh, en);

  /* The bytes of the one attachment of a PDF. An embedded file is a stream, and streams never hide in object streams,
     so it is found without walking the document. */
  function attached(pdf) {
    const text = Array.from(pdf, (byte) => String.fromCharCode(byte)).join("");
    const found = [];
    const head = /\d+ 0 obj\s*<<((?:(?!endobj|stream\r?\n)[^])*?)>>\s*stream\r?\n/g;
    for (let match = head.exec(text); match; match = head.exec(text)) {
      const [, dictionary] = match;
      if (!/\/Type\s*\/EmbeddedFile\b/.test(dictionary)) continue;
      const length = /\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary);
      const end = length ? head.lastIndex + Number(length[1]) : text.indexOf("endstream", head.lastIndex);
      const raw = pdf.slice(head.lastIndex, end);
      if (/\/Filter/.test(dictionary) && !/\/Filter\s*\[?\s*\/FlateDecode\s*\]?/.test(dictionary)) throw bad("附件的压缩方式读不懂", "an attachment packed in another way");
      found.push(/\/Filter/.test(dictionary) ? unpacked(raw) : raw);
    }
    if (found.length !== 1) throw bad(`PDF 里应有一个附件，实有 ${found.length} 个；请用原来的 PDF`, `the PDF must hold one attachment, it holds ${found.length}: use the original`);
    return found[0];
  }

  function unpacked(raw) {
    const out = [];
    let size = 0;
    const stream = new fflate.Unzlib((part) => {
      size += part.length;
      if (size > 1 << 20) throw bad("附件超过 1 MiB", "an attachment of more than 1 MiB");
      out.push(part);
    });
    try {
      for (let at = 0; at < raw.length; at += 4096) stream.push(raw.slice(at, at + 4096), at + 4096 >= raw.length);
    } catch (broken) {
      throw broken instanceof Sanquan.Refused ? broken : bad("附件坏了，解不开", "the attachment is damaged");
    }
    return joined(...out);
  }

  const isPdf = (bytes) => String.fromCharCode(...bytes.slice(0, 5)) === "%PDF-";

  /* The certificate in a file; `says` is the verdict that a statement claims by itself, for comparison only. */
  function certificateIn(bytes) {
    if (isPdf(bytes)) return { raw: attached(bytes) };
    const stated = statement(bytes);
    if (!stated) return { raw: bytes };
    if (typeof stated.proof?.certificate !== "string") throw bad(...Sanquan.words.said["no-proof"]);
    return { raw: joined(stated.proof.certificate), says: stated.verdict ?? null };
  }

  /* A 权益保留证明 as JSON, as verify/statement.py finds it; null for any other file. */
  function statement(bytes) {
    try {
      const found = bytes.length > 4 << 20 ? null : JSON.parse(utf8(bytes));
      return found !== null && typeof found === "object" && "document" in found ? found : null;
    } catch {
      return null;
    }
  }

  /* The text of the code: SHA-256 of the certificate, SHA-256 of the log's origin, size of the log, time of the witness. */
  function scanned(text) {
    const match = /(?:^|#)SQ1\.([A-Za-z0-9_-]+)\s*$/.exec(text.trim());
    if (!match) throw bad("这不是证明上的二维码文字", "this is not the text of the code on a proof");
    const raw = b64u(match[1], 80);
    const whole = (from) => raw.slice(from, from + 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return { text: match[1], certificate: hex(raw.slice(0, 32)), size: whole(64), time: whole(72) };
  }

  /* That text as it stands on the paper of a certificate, as verify/single.py `code_of` writes it. */
  async function codeOf(verdict) {
    const numbers = new DataView(new ArrayBuffer(16));
    numbers.setBigUint64(0, BigInt(verdict.latest) + 1n);
    numbers.setBigUint64(8, BigInt(verdict.as_of ?? 0));
    const origin = await Sanquan.crypto.sha256(new TextEncoder().encode(verdict.log));
    const digest = Uint8Array.from(verdict.digest.match(/../g), (pair) => parseInt(pair, 16));
    return b64uText(joined(digest, origin, new Uint8Array(numbers.buffer)));
  }

  return { certificateIn, scanned, codeOf };
})();
