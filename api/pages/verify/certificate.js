"use strict";
/* Does this certificate prove what it says, with nothing but public keys? The steps of docs/certificate.md, in order, as
   verify/certificate.py; the two are held to one set of vectors. `Sanquan.kinds` is the public list of causes. */
Sanquan.certificate = (() => {
  const { utf8, b64u, b64uText, canonical, joined, same, hex } = Sanquan.strict;
  const { sha256, hmac } = Sanquan.crypto;
  const { included, folded, leafHash } = Sanquan.proofs;
  const { UNCHANGED, CHANGED, chainOf, alone, withWhatTheyRestOn, broken } = Sanquan.verdict;
  const STEPS = { FORM: 11, POLICY: 12, INCLUSION: 13, LATEST: 14, ENTRIES: 15, OPENINGS: 16, DIGESTS: 17, STATE: 18, CHAIN: 19 };
  const LAST_TIME = 253402300799n, MAX_ENTRY_BYTES = 65535, MAX_DIGESTS = 1000;
  const PATHS = {
    R: ["act.basis", "act.day", "act.desk", "act.payment", "act.people", "act.rows", "act.sources"],
    H: ["event.basis", "event.day", "event.desk", "event.evidence", "event.facts", "event.kind", "event.people", "event.unchanged"],
    S: [],
  };
  const HASH = '"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"', LIST = `\\[(?:${HASH}(?:,${HASH})*)?\\]`;
  const AT = '\\{"at":"(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):00:00Z)"';
  const FORMS = {
    R: new RegExp(`^${AT},"c":(?<c>${LIST}),"cls":"R","ev":(?<ev>${LIST}),"kind":"(?<kind>[a-z]+(?:-[a-z0-9]+)*)","rv":(?<rv>${LIST}),"v":1\\}$`),
    H: new RegExp(`^${AT},"c":(?<c>\\[${HASH}(?:,${HASH}){11}\\]),"cls":"H","rv":(?<rv>${LIST}),"st":"(?<st>[^"]{43})","v":1\\}$`),
    S: new RegExp(`^${AT},"cls":"S","st":"(?<st>[^"]{43})","v":1\\}$`),
  };

  /* Whatever is refused inside is refused at this step. */
  async function at(step, work) {
    try {
      return await work();
    } catch (refused) {
      if (refused instanceof Sanquan.Refused) refused.step ??= step;
      throw refused;
    }
  }

  function refuse(step, zh, en) {
    throw Object.assign(new Sanquan.Refused(zh, en), { step });
  }

  async function verify(raw, policy) {
    const certificate = await at("FORM", () => Sanquan.form.parse(raw));
    const signed = await at("POLICY", () => Sanquan.note.check(certificate.checkpoint, policy));
    if (signed.cosigned.some((each) => each.time !== null && each.time > LAST_TIME)) refuse("POLICY", "联署时间不可能", "an impossible time of a cosignature");
    const { size, root } = signed.checkpoint;
    for (const entry of certificate.entries.values()) {
      await at("INCLUSION", async () => included(BigInt(entry.index), size, await leafHash(entry.leaf), entry.path, root));
    }
    if (BigInt(certificate.latest) !== size - 1n) refuse("LATEST", "最后一条账目不是检查点的最后一条", "the latest entry is not the last one under the checkpoint");
    const entries = readEntries(certificate);
    const opened = {};
    for (const [index, part] of certificate.entries) {
      if (part.open.length) opened[index] = await ofEntry(part.open, entries.get(index));
    }
    const walks = [];
    for (const part of certificate.things) walks.push(await walkOf(part));
    for (const walk of walks) {
      walk.part.between.forEach((version, i) => {
        if (!entries.get(version.entry).rv.some((each) => same(each, walk.digests[i + 1]))) refuse("DIGESTS", "版本不在所引账目中", "a version does not stand in the entry that it cites");
      });
    }
    for (const { part, digests, last } of walks) {
      await stands(part.key, digests[0], part.act.proof, entries.get(certificate.act).st);
      await stands(part.key, last, part.latest.proof, entries.get(certificate.latest).st);
    }
    const things = withWhatTheyRestOn(walks.map((walk) => judged(walk, entries)));
    const cosigned = signed.cosigned.map((each) => ({ name: each.key.name, time: each.time === null ? null : Number(each.time) }));
    const times = cosigned.map((each) => each.time).filter((time) => time !== null);
    return {
      word: things.every((each) => each.whole === UNCHANGED) ? UNCHANGED : CHANGED,
      things, opened,
      act: certificate.act, act_at: entries.get(certificate.act).at,
      latest: certificate.latest, latest_at: entries.get(certificate.latest).at,
      log: signed.log.name, cosigned,
      as_of: times.length ? Math.min(...times) : null,
      digest: hex(await sha256(raw)),
    };
  }

  function readEntries(certificate) {
    const entries = new Map();
    let before = "";
    for (const [index, part] of certificate.entries) {
      const entry = readEntry(part.leaf);
      if (entry === null) refuse("ENTRIES", "账目不是规范形式或种类不对", "an entry that is not in canonical form, or of another class");
      if (entry.at < before) refuse("ENTRIES", "账目时间倒退(P5)", "the time of the entries goes back (P5)");
      if (entry.cls === "H" && entry.rv.length) refuse("ENTRIES", "户籍事件产生了权利版本(P1)", "a household event makes a version of a right (P1)");
      if (entry.cls === "R" && !Object.hasOwn(Sanquan.kinds, entry.kind)) refuse("ENTRIES", "原因不在公开清单内(P5)", "a cause that is not on the public list (P5)");
      if (entry.cls === "R" && Sanquan.kinds[entry.kind] && !entry.ev.length) refuse("ENTRIES", "须经同意的变动没有意愿证据(P6)", "an act that needs consent carries no evidence of will (P6)");
      entries.set(index, entry);
      before = entry.at;
    }
    const { act, latest } = certificate;
    if ([act, latest].some((index) => entries.get(index).cls === "R")) refuse("ENTRIES", "起止账目应是 H 或 S", "the entries compared must be of class H or S");
    for (const part of certificate.things) {
      for (const { entry: index } of part.between) {
        if (entries.get(index).cls !== "R" || index <= act || index >= latest) refuse("ENTRIES", "变动账目不是起止之间的 R", "what made a version is no R between the two states");
      }
    }
    return entries;
  }

  function readEntry(leaf) {
    let text = "";
    try {
      text = leaf.length <= MAX_ENTRY_BYTES ? utf8(leaf) : "";
    } catch {
      return null;
    }
    const cls = /"cls":"([RHSKEC])"/.exec(text)?.[1];
    const groups = FORMS[cls]?.exec(text)?.groups;
    if (!groups || text !== text.normalize("NFC") || !isDay(groups.at)) return null;
    const digests = (array) => (array ? (array.match(/[A-Za-z0-9_-]+/g) ?? []).map((each) => b64u(each)) : []);
    const entry = { cls, at: groups.at, kind: groups.kind ?? "", rv: digests(groups.rv), ev: digests(groups.ev), c: digests(groups.c) };
    if (groups.st !== undefined) {
      if (!/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(groups.st)) return null;
      entry.st = b64u(groups.st);
    }
    if (entry.ev.length % 4 || (cls === "R" && !isSet(entry.rv))) return null;
    return entry;
  }

  function isDay(at) {
    const [year, month, day] = at.slice(0, 10).split("-").map(Number);
    const made = new Date(Date.UTC(2000, month - 1, day));
    made.setUTCFullYear(year, month - 1, day);
    return year > 0 && made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  }

  function isSet(digests) {
    const texts = digests.map(hex);
    return texts.length >= 1 && texts.length <= MAX_DIGESTS && texts.every((each, i) => !i || texts[i - 1] < each);
  }

  const commitment = (opening) => hmac(opening.salt, joined("sanquan.commit.v1\n", canonical([opening.path, opening.value])));
  const versionDigest = (commitments) => sha256(joined("sanquan.version.v1\n", canonical(commitments.map(b64uText))));
  const notCommitted = (path) => refuse("OPENINGS", `公开的内容(${path})与承诺不符`, `what is opened (${path}) is not what was committed there`);

  function values(openings) {
    const found = Object.create(null);
    for (const { path, value } of openings) found[path] = value;
    return found;
  }

  async function ofEntry(openings, entry) {
    const places = new Map(PATHS[entry.cls].map((path, i) => [path, entry.c[i]]));
    entry.ev.forEach((each, i) => places.set(`evidence.${i + 1}`, each));
    for (const opening of openings) {
      const place = places.get(opening.path);
      if (!place || !same(await commitment(opening), place)) notCommitted(opening.path);
    }
    return values(openings);
  }

  async function ofVersion(version, ...needed) {
    const last = version.commitments.length - 1;
    let before = -1;
    for (const opening of version.open) {
      const made = await commitment(opening);
      const place = version.commitments.findIndex((each) => same(each, made));
      const wanted = { chain: 0, facts: 1, valid: last }[opening.path] ?? place;
      if (place <= before || wanted !== place) notCommitted(opening.path);
      before = place;
    }
    const opened = values(version.open);
    for (const path of needed) {
      if (!(path in opened)) refuse("OPENINGS", `版本没有公开 ${path}`, `a version does not open ${path}`);
    }
    return opened;
  }

  async function walkOf(part) {
    const digests = [];
    for (const version of [part.act, ...part.between]) digests.push(await versionDigest(version.commitments));
    const walk = { part, digests, last: await versionDigest(part.latest.commitments), between: [] };
    walk.act = await ofVersion(part.act, "chain", "valid");
    walk.latest = await ofVersion(part.latest, "chain", "valid");
    for (const version of part.between) walk.between.push(await ofVersion(version, "chain"));
    return walk;
  }

  async function stands(key, digest, proof, root) {
    await at("STATE", async () => {
      const leaf = await leafHash(joined("sanquan.map.v1\0", key, digest));
      const got = await folded(BigInt(proof.at), BigInt(proof.of), leaf, proof.path);
      await included(BigInt((key[0] << 4) | (key[1] >> 4)), 4096n, got, proof.rows, root);
    });
  }

  function judged(walk, entries) {
    const { part, digests, last } = walk;
    const begin = chainOf(walk.act);
    if (begin.id !== part.id) throw broken();
    walk.between.forEach((opened, i) => {
      const { id, thing, ver, previous } = chainOf(opened);
      const follows = id === begin.id && thing === begin.thing && ver === begin.ver + i + 1;
      if (!follows || previous === null || !same(previous, digests[i])) throw broken();
    });
    const indexes = part.between.map((each) => each.entry);
    const isSame = same(digests[0], last);
    const isSorted = indexes.every((each, i) => !i || indexes[i - 1] <= each);
    if (!same(digests.at(-1), last) || !isSorted || isSame === indexes.length > 0) throw broken();
    const changes = [...new Set(indexes)].map((index) => ({ kind: entries.get(index).kind, entry: index, at: entries.get(index).at }));
    return alone(walk.act, walk.latest, changes, isSame);
  }

  return { verify, STEPS };
})();
