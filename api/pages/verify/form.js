"use strict";
/* What the bytes of a certificate must be before anything in them is believed: docs/certificate.md, as verify/form.py. */
Sanquan.form = (() => {
  const { json, canonical, b64, b64u, joined, same } = Sanquan.strict;
  const NAME = /^[a-z0-9._-]+$/;
  const malformed = (place) => new Sanquan.Refused(`证明的格式不对(${place})`, `not the form of a certificate (${place})`);

  function parse(raw) {
    const found = json(raw);
    refuseOutsideDomain(found);
    if (!same(joined(canonical(found)), raw)) throw malformed("canonical");
    const [version, checkpoint, roles, entries, things] = fields(found, "v", "checkpoint", "roles", "entries", "things");
    if (whole(version) !== 1) throw malformed("v");
    const [act, latest] = fields(roles, "act", "latest").map(whole);
    const read = list(entries).map(entry), parts = list(things).map(thing);
    if (!ascending(read.map((each) => each.index))) throw malformed("entries");
    const differ = (values) => new Set(values).size === parts.length;
    if (!parts.length || !differ(parts.map((each) => each.id)) || !differ(parts.map((each) => String(each.key)))) throw malformed("things");
    const byIndex = new Map(read.map((each) => [each.index, each]));
    const cited = new Set([act, latest, ...parts.flatMap((part) => part.between.map((each) => each.entry))]);
    if ([...cited].some((index) => !byIndex.has(index)) || read.some((each) => !each.open.length && !cited.has(each.index))) throw malformed("entries");
    return { checkpoint: joined(text(checkpoint)), act, latest, entries: byIndex, things: parts };
  }

  function refuseOutsideDomain(value) {
    if (typeof value === "string" && (value !== value.normalize("NFC") || /\p{Surrogate}/u.test(value))) throw malformed("NFC");
    if (value === null || typeof value !== "object") return;
    if (!Array.isArray(value) && !Object.keys(value).every((key) => NAME.test(key))) throw malformed("key");
    Object.values(value).forEach(refuseOutsideDomain);
  }

  function entry(found) {
    const [index, leaf, path, open] = fields(found, "index", "leaf", "path", "open");
    return { index: whole(index), leaf: b64(text(leaf)), path: list(path).map((each) => b64(text(each), 32)), open: openings(open) };
  }

  function thing(found) {
    const [id, key, act, latest, between] = fields(found, "id", "key", "act", "latest", "between");
    return { id: text(id), key: hash(key), act: placed(act), latest: placed(latest), between: list(between).map(later) };
  }

  function placed(found) {
    const [commitments, open, proof] = fields(found, "commitments", "open", "proof");
    const [of, at, path, rows] = fields(proof, "of", "at", "path", "rows");
    const read = { of: whole(of), at: whole(at), path: list(path).map(hash), rows: list(rows).map(hash) };
    if (read.rows.length !== 12) throw malformed("rows");
    return { commitments: list(commitments).map(hash), open: openings(open), proof: read };
  }

  function later(found) {
    const [index, commitments, open] = fields(found, "entry", "commitments", "open");
    return { entry: whole(index), commitments: list(commitments).map(hash), open: openings(open) };
  }

  function openings(found) {
    const read = list(found).map((each) => {
      const [path, value, salt] = fields(each, "path", "value", "salt");
      if (!NAME.test(text(path))) throw malformed("path");
      return { path, value, salt: hash(salt) };
    });
    if (!ascending(read.map((each) => each.path))) throw malformed("open");
    return read;
  }

  const ascending = (values) => values.every((each, i) => !i || values[i - 1] < each);

  function fields(found, ...names) {
    const isObject = found !== null && typeof found === "object" && !Array.isArray(found);
    if (!isObject || Object.keys(found).length !== names.length || !names.every((name) => name in found)) throw malformed(names.join(", "));
    return names.map((name) => found[name]);
  }

  function list(found) {
    if (!Array.isArray(found)) throw malformed("[…]");
    return found;
  }

  function whole(found) {
    if (typeof found !== "number" || found < 0) throw malformed("0, 1, 2 …");
    return found;
  }

  function text(found) {
    if (typeof found !== "string") throw malformed("“…”");
    return found;
  }

  const hash = (found) => b64u(text(found), 32);
  return { parse };
})();
