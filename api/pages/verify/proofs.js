"use strict";
/* Do these hashes lead from an entry to the root? RFC 9162 section 2.1, as registry/ledger/verify/proofs.py.
   Sizes and indexes are BigInt: a log has up to 19 digits. */
Sanquan.proofs = (() => {
  const { joined, same } = Sanquan.strict;
  const { sha256 } = Sanquan.crypto;
  const PREFIX = Uint8Array.of(0), NODE = Uint8Array.of(1);
  const failed = () => new Sanquan.Refused("证明不成立", "the proof does not hold");
  const leafHash = (entry) => sha256(joined(PREFIX, entry));
  const nodeHash = (left, right) => sha256(joined(NODE, left, right));

  async function included(index, size, leaf, path, root) {
    if (!same(await folded(index, size, leaf, path), root)) throw failed();
  }

  /* The root to which a path leads. */
  async function folded(index, size, leaf, path) {
    if (index < 0n || index >= size || [leaf, ...path].some((each) => each.length !== 32)) throw failed();
    let at = index, last = size - 1n, got = leaf;
    for (const each of path) {
      if (!last) throw failed();
      if (at & 1n || at === last) {
        got = await nodeHash(each, got);
        while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
      } else got = await nodeHash(got, each);
      [at, last] = [at >> 1n, last >> 1n];
    }
    if (last) throw failed();
    return got;
  }

  async function consistent(old, size, path, oldRoot, newRoot) {
    if (old < 1n || old > size) throw failed();
    if (old === size && !path.length && same(oldRoot, newRoot)) return;
    if (old === size || !path.length || [oldRoot, newRoot, ...path].some((each) => each.length !== 32)) throw failed();
    const [seed, ...rest] = old & (old - 1n) ? path : [oldRoot, ...path];
    let at = old - 1n, last = size - 1n, gotOld = seed, gotNew = seed;
    while (at & 1n) [at, last] = [at >> 1n, last >> 1n];
    for (const each of rest) {
      if (!last) throw failed();
      if (at & 1n || at === last) {
        [gotOld, gotNew] = [await nodeHash(each, gotOld), await nodeHash(each, gotNew)];
        while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
      } else gotNew = await nodeHash(gotNew, each);
      [at, last] = [at >> 1n, last >> 1n];
    }
    if (last || !same(gotOld, oldRoot) || !same(gotNew, newRoot)) throw failed();
  }

  return { included, folded, consistent, leafHash };
})();
