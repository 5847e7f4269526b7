"use strict";
/* Text from strangers, read so that one meaning has one spelling: the same rules as registry/ledger/verify/strict.py. */

/* What is wrong with a paper: the step that it failed, in Chinese and English. */
Sanquan.Refused = class extends Error {
  constructor(zh, en) {
    super(`${zh} / ${en}`);
    this.zh = zh;
    this.en = en;
  }
};

Sanquan.strict = (() => {
  const MAX_BYTES = 1 << 20, MAX_DEPTH = 16;
  const bad = (zh, en) => new Sanquan.Refused(zh, en);

  function number(text) {
    if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || text.endsWith("\n")) throw bad("不是规范的整数", "no whole number in canonical form");
    return BigInt(text);
  }

  function bytesOf(text, length, toStandard, back) {
    let raw;
    try {
      raw = Uint8Array.from(atob(toStandard(text)), (c) => c.charCodeAt(0));
    } catch {
      throw bad("base64 不规范", "base64 that is not canonical");
    }
    if (back(raw) !== text) throw bad("base64 不规范", "base64 that is not canonical");
    if (length !== undefined && raw.length !== length) throw bad(`应为 ${length} 字节`, `must be ${length} bytes`);
    return raw;
  }

  const standard = (raw) => btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  const url = (raw) => standard(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const b64 = (text, length) => bytesOf(text, length, (t) => t, standard);
  const b64u = (text, length) => bytesOf(text, length, (t) => t.replaceAll("-", "+").replaceAll("_", "/"), url);

  function utf8(raw) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw bad("不是 UTF-8 文本", "not UTF-8 text");
    }
  }

  /* A JSON document as strict.py reads it: each key once, whole numbers of 53 bits, 16 levels, 1 MiB. */
  function json(raw) {
    if (raw.length > MAX_BYTES) throw bad(`超过 ${MAX_BYTES} 字节`, `longer than ${MAX_BYTES} bytes`);
    const text = utf8(raw);
    const token = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*))(?![0-9.eE])|(true|false|null))/y;
    let found = null;
    function next() {
      found = token.exec(text);
      if (!found) throw bad("不是 JSON", "not JSON");
      return found[1];
    }
    function value(depth) {
      const mark = next();
      if (mark === "{" || mark === "[") {
        if (depth === MAX_DEPTH) throw bad(`嵌套超过 ${MAX_DEPTH} 层`, `nested deeper than ${MAX_DEPTH} levels`);
        return mark === "{" ? object(depth + 1) : array(depth + 1);
      }
      if (found[2] !== undefined) return JSON.parse(found[2]);
      if (found[3] !== undefined) {
        if (found[3] === "-0" || found[3].length > 17 || !Number.isSafeInteger(Number(found[3]))) throw bad("数超出 53 位", "a number beyond 53 bits");
        return Number(found[3]);
      }
      if (found[4] !== undefined) return JSON.parse(found[4]);
      throw bad("不是 JSON", "not JSON");
    }
    function closes(mark) {
      const before = token.lastIndex;
      if (next() === mark) return true;
      token.lastIndex = before;
      return false;
    }
    function array(depth) {
      const list = [];
      if (closes("]")) return list;
      for (;;) {
        list.push(value(depth));
        const mark = next();
        if (mark === "]") return list;
        if (mark !== ",") throw bad("不是 JSON", "not JSON");
      }
    }
    function object(depth) {
      const map = Object.create(null);
      if (closes("}")) return map;
      for (;;) {
        next();
        if (found[2] === undefined) throw bad("不是 JSON", "not JSON");
        const key = JSON.parse(found[2]);
        if (key in map) throw bad("同一个键出现两次", "a key stands twice");
        if (next() !== ":") throw bad("不是 JSON", "not JSON");
        map[key] = value(depth);
        const mark = next();
        if (mark === "}") return map;
        if (mark !== ",") throw bad("不是 JSON", "not JSON");
      }
    }
    const whole = value(0);
    if (!/^[ \t\n\r]*$/.test(text.slice(token.lastIndex))) throw bad("不是 JSON", "not JSON");
    return whole;
  }

  /* RFC 8785 in our narrow domain: ASCII keys, no fractions. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(value);
  }

  function joined(...parts) {
    const raw = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
    const whole = new Uint8Array(raw.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of raw) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const hex = (raw) => [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { number, b64, b64u, b64uText: url, utf8, json, canonical, joined, same, hex };
})();
