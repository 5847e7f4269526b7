"use strict";
/* Who signed this checkpoint, and is that enough? As registry/ledger/verify/note.py. */
Sanquan.note = (() => {
  const { number, b64, utf8, joined, hex, same } = Sanquan.strict;
  const { sha256, ed25519 } = Sanquan.crypto;
  const ED25519 = 1, COSIGNATURE = 4;
  const P = (1n << 255n) - 19n;
  const ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7n;
  const SMALL_ORDER = [0n, 1n, P - 1n, ORDER_8, P - ORDER_8];
  // What Python's \s takes and JavaScript's does not, and the other way round (U+FEFF).
  const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;
  const UNTIL = "#until ";
  const bad = (zh, en) => new Sanquan.Refused(zh, en);
  /* Not false, but not to be decided with these keys. */
  const undecided = (zh, en) => Object.assign(bad(zh, en), { undecided: true });
  const isName = (name) => name !== "" && !name.includes("+") && !SPACE.test(name);

  async function parseVkey(text) {
    const parts = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(text);
    if (!parts) throw bad("不是公钥文本", "no verifier key");
    const [, name, told, encoded] = parts;
    const material = b64(encoded);
    if (!isName(name) || material.length !== 33) throw bad("不是公钥文本", "no verifier key");
    if (material[0] !== ED25519 && material[0] !== COSIGNATURE) throw bad("不认识的签名种类", "unknown type of signature");
    const point = material.slice(1);
    let y = 0n;
    for (let i = 31; i >= 0; i--) y = (y << 8n) | BigInt(i === 31 ? point[i] & 127 : point[i]);
    if (y >= P || SMALL_ORDER.includes(y)) throw bad(`${name}: 弱公钥`, `${name}: a weak key`);
    const id = (await sha256(joined(name, "\n", material))).slice(0, 4);
    if (hex(id) !== told) throw bad(`${name}: 密钥编号不符`, `${name}: the id does not belong to the key`);
    return { name, id, kind: material[0], point, text };
  }

  function parseNote(raw) {
    if (raw.length > 65536) throw bad("签名文本超过 64 KiB", "a note of more than 64 KiB");
    const whole = utf8(raw);
    // eslint-disable-next-line no-control-regex
    if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw bad("含控制字符", "control characters");
    const at = whole.lastIndexOf("\n\n");
    const lines = whole.slice(at + 2).split("\n");
    if (at < 1 || lines.pop() !== "" || lines.length < 1 || lines.length > 64) throw bad("不是带签名的文本", "not a signed note");
    return { text: whole.slice(0, at + 1), lines: lines.map(parseLine) };
  }

  function parseLine(line) {
    const gap = line.indexOf(" ", 2);
    const name = line.slice(2, gap);
    if (!line.startsWith("— ") || gap < 0 || !isName(name)) throw bad("签名行不规范", "a malformed signature line");
    const raw = b64(line.slice(gap + 1));
    if (raw.length <= 4) throw bad("签名行太短", "a signature line that is too short");
    return { name, id: raw.slice(0, 4), signature: raw.slice(4) };
  }

  async function verified(note, keys) {
    const found = [];
    for (const line of note.lines) {
      const key = keys.find((each) => each.name === line.name && same(each.id, line.id));
      if (!key) continue;
      if (found.some((each) => each.key === key)) throw bad(`${key.name} 签了两次`, `${key.name} signed twice`);
      found.push({ key, time: await checked(note.text, line, key) });
    }
    return found;
  }

  async function checked(text, line, key) {
    let { signature } = line, message = joined(text), time = null;
    if (key.kind === COSIGNATURE) {
      time = signature.slice(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      signature = signature.slice(8);
      message = joined(`cosignature/v1\ntime ${time}\n`, text);
    }
    if (!(await ed25519(key.point, signature, message))) throw bad(`${key.name} 的签名不成立`, `the signature of ${key.name} does not hold`);
    return time;
  }

  function parseCheckpoint(text) {
    const lines = text.split("\n");
    if (lines.length !== 4 || lines[3] !== "" || lines[0] === "") throw bad("检查点应恰为三行", "a checkpoint has exactly three lines");
    return { origin: lines[0], size: number(lines[1]), root: b64(lines[2], 32) };
  }

  async function parsePolicy(text) {
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null, until: new Map() };
    const isNew = (name) => name !== "none" && !policy.witnesses.has(name) && !policy.groups.has(name);
    const isKnown = (name) => policy.witnesses.has(name) || policy.groups.has(name);
    for (const [at, line] of text.split("\n").entries()) {
      if (line.startsWith(UNTIL)) {
        // Of the comments one has a meaning: up to which size a revoked key of a log counts.
        const told = /^#until (0|[1-9][0-9]{0,18}) (.*)$/.exec(line);
        const key = told && policy.logs.find((each) => each.text === told[2]);
        if (!key) throw bad(`信任名单第 ${at + 1} 行读不懂`, `line ${at + 1} of the policy can't be read`);
        policy.until.set(key, BigInt(told[1]));
        continue;
      }
      const words = line.split("#")[0].split(/\s+/).filter(Boolean);
      const [word, ...rest] = words;
      let fine = true;
      if (!word) continue;
      if (word === "log" && (rest.length === 1 || rest.length === 2)) {
        policy.logs.push(await parseVkey(rest[0]));
        fine = policy.logs.at(-1).kind === ED25519;
      } else if (word === "witness" && (rest.length === 2 || rest.length === 3) && isNew(rest[0])) {
        policy.witnesses.set(rest[0], await parseVkey(rest[1]));
        fine = policy.witnesses.get(rest[0]).kind === COSIGNATURE;
      } else if (word === "group" && rest.length > 2 && isNew(rest[0])) {
        const [name, least, ...members] = rest;
        const count = { any: 1, all: members.length }[least] ?? (/^[1-9][0-9]?$/.test(least) ? Number(least) : members.length + 1);
        fine = count <= members.length && new Set(members).size === members.length && members.every(isKnown);
        policy.groups.set(name, { least: count, members });
      } else if (word === "quorum" && rest.length === 1 && policy.quorum === null && (rest[0] === "none" || isKnown(rest[0]))) {
        policy.quorum = rest[0] === "none" ? "" : rest[0];
      } else fine = false;
      if (!fine) throw bad(`信任名单第 ${at + 1} 行读不懂`, `line ${at + 1} of the policy can't be read`);
    }
    if (!policy.logs.length || policy.quorum === null) throw bad("信任名单缺 log 或 quorum 行", "the policy lacks a log or a quorum line");
    return policy;
  }

  function isMet(policy, name, keys) {
    if (policy.witnesses.has(name)) return keys.some((key) => key.text === policy.witnesses.get(name).text);
    const { least, members } = policy.groups.get(name);
    return members.filter((member) => isMet(policy, member, keys)).length >= least;
  }

  async function check(raw, policy) {
    const note = parseNote(raw);
    const checkpoint = parseCheckpoint(note.text);
    const logs = policy.logs.filter((key) => key.name === checkpoint.origin);
    if (!logs.length) throw undecided(`账本“${checkpoint.origin}”不在信任名单上`, `the log “${checkpoint.origin}” is not in the policy`);
    const signed = await verified(note, [...logs, ...policy.witnesses.values()]);
    const counts = (key) => checkpoint.size <= (policy.until.get(key) ?? checkpoint.size);
    const log = signed.find((each) => logs.includes(each.key) && counts(each.key));
    if (!log) throw bad("没有登记机构的签名", "the log's own signature is missing");
    const cosigned = signed.filter((each) => !logs.includes(each.key));
    if (policy.quorum !== "" && !isMet(policy, policy.quorum, cosigned.map((each) => each.key))) throw undecided("联署的见证方不够", "too few witnesses cosigned");
    return { checkpoint, log: log.key, cosigned };
  }

  return { parseVkey, parseNote, verified, parseCheckpoint, parsePolicy, check };
})();
