"use strict";
/* Did a thing stay as it was between two states: as verify/verdict.py. */
Sanquan.verdict = (() => {
  const { b64u, canonical } = Sanquan.strict;
  const UNCHANGED = "unchanged", CHANGED = "changed lawfully";
  const RIGHTS = ["contract-arable", "contract-grass", "contract-forest", "contract-other", "operating", "homestead", "income"];
  const THINGS = [...RIGHTS, "holding", "parcel", "membership", "restriction", "duty", "benefit"];
  const OF_A_RIGHT = ["holder", "share", "parcels", "term_start", "term_end", "extension", "powers", "burdens", "certificate"];
  const OF_A_PARCEL = ["land_use", "surveyed_area_m2", "surveyed_area_mu", "area_method"];
  const broken = () => Object.assign(new Sanquan.Refused("前后两个版本接不上", "the versions do not lead from the one state to the other"), { step: "CHAIN" });
  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const equal = (one, other) => canonical(one ?? null) === canonical(other ?? null);

  /* The committed [id, thing, number, digest before]. */
  function chainOf(opened) {
    const found = opened.chain;
    if (!Array.isArray(found) || found.length !== 4) throw broken();
    const [id, thing, ver, previous] = found;
    if (typeof id !== "string" || !THINGS.includes(thing) || typeof ver !== "number") throw broken();
    if (previous !== null && typeof previous !== "string") throw broken();
    try {
      return { id, thing, ver, previous: previous === null ? null : b64u(previous) };
    } catch {
      throw broken();
    }
  }

  function alone(act, latest, changes, isSame) {
    const { id, thing } = chainOf(act);
    const before = compared(thing, act), after = compared(thing, latest);
    const word = isSame || (before !== null && after !== null && equal(before, after)) ? UNCHANGED : CHANGED;
    return {
      thing_id: id, thing, word, whole: word, status: validOf(latest)[2], act, latest, changes,
      rests_on: restsOn(thing, act, latest), not_shown: [],
    };
  }

  function withWhatTheyRestOn(verdicts) {
    const shown = new Map(verdicts.map((each) => [each.thing_id, each]));
    return verdicts.map((each) => {
      const names = each.rests_on ?? [];
      const isKept = each.word === UNCHANGED && names.filter((name) => shown.has(name)).every((name) => kept(shown.get(name)));
      return { ...each, whole: isKept ? UNCHANGED : CHANGED, not_shown: names.filter((name) => !shown.has(name)) };
    });
  }

  /* What a right takes of another thing is as it was: of a holding its members, of the rest what is compared. */
  function kept(part) {
    if (part.thing !== "holding" || part.word === UNCHANGED) return part.word === UNCHANGED;
    const before = part.act.facts, after = part.latest.facts;
    return isMap(before) && isMap(after) && equal(before.members, after.members);
  }

  function compared(thing, opened) {
    const status = validOf(opened)[2];
    if (!isMap(opened.facts) || (thing === "parcel" && !("geometry" in opened))) return null;
    let names = Object.keys(opened.facts).sort();
    if (RIGHTS.includes(thing)) names = OF_A_RIGHT;
    if (thing === "parcel") names = OF_A_PARCEL;
    return [status, opened.geometry ?? null, names.map((name) => [name, opened.facts[name] ?? null])];
  }

  function validOf(opened) {
    const found = opened.valid;
    if (!Array.isArray(found) || found.length !== 3 || typeof found[2] !== "string") throw broken();
    return found;
  }

  function restsOn(thing, act, latest) {
    if (!RIGHTS.includes(thing)) return [];
    const found = new Set();
    for (const opened of [act, latest]) {
      if (!("facts" in opened)) return null;
      named(thing, opened.facts).forEach((name) => found.add(name));
    }
    return [...found];
  }

  function named(thing, facts) {
    const needed = ["co_holding", "holder", "parcels", "burdens"];
    if (!isMap(facts) || !needed.every((name) => name in facts) || !Array.isArray(facts.parcels)) throw broken();
    const isJoint = facts.co_holding === "JOINT" || (facts.co_holding === "BY_SHARE" && thing !== "income");
    let burdens = null;
    try {
      burdens = JSON.parse(facts.burdens);
    } catch {
      throw broken();
    }
    if (!Array.isArray(burdens) || !facts.parcels.every(Array.isArray)) throw broken();
    const names = [...(isJoint ? [facts.holder] : []), ...facts.parcels.map((line) => line[0]), ...burdens];
    if (!names.every((name) => typeof name === "string")) throw broken();
    return names;
  }

  return { UNCHANGED, CHANGED, chainOf, alone, withWhatTheyRestOn, broken };
})();
