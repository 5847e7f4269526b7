"use strict";
/* Hashes, HMAC and Ed25519: Web Crypto where the browser lends it, otherwise pure script (js-sha256, tweetnacl).
   Web Crypto is there in secure contexts only, and Ed25519 in it since Chrome 137, Firefox 129, Safari 17. */
const Sanquan = {};

Sanquan.crypto = (() => {
  const subtle = globalThis.crypto && globalThis.crypto.subtle;
  const L = (1n << 252n) + 27742317777372353535851937790883648493n;
  let native = Boolean(subtle), nativeSignatures = Boolean(subtle);

  async function sha256(bytes) {
    if (native) return new Uint8Array(await subtle.digest("SHA-256", bytes));
    return new Uint8Array(globalThis.sha256.arrayBuffer(bytes));
  }

  async function hmac(key, message) {
    if (native) {
      const made = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      return new Uint8Array(await subtle.sign("HMAC", made, message));
    }
    return new Uint8Array(globalThis.sha256.hmac.arrayBuffer(key, message));
  }

  async function ed25519(publicKey, signature, message) {
    if (signature.length !== 64) return false;
    if (nativeSignatures) {
      try {
        const key = await subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
        return await subtle.verify({ name: "Ed25519" }, key, signature, message);
      } catch (refused) {
        if (refused.name !== "NotSupportedError") return false;
        nativeSignatures = false; // an older browser: from here on by script
      }
    }
    // RFC 8032, 5.1.7: S lies below the order of the group; tweetnacl takes S + L too.
    let s = 0n;
    for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i]);
    return s < L && globalThis.nacl.sign.detached.verify(message, signature, publicKey);
  }

  /* Do without Web Crypto, as in a browser that lacks it. */
  function scriptOnly() { native = nativeSignatures = false; }
  return { sha256, hmac, ed25519, scriptOnly, isNative: () => native };
})();
