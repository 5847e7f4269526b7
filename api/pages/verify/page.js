"use strict";
/* The page itself: takes what is dropped, pasted or scanned, and says what it proves, in the order in which people ask.
   Nothing of it leaves the page. `Sanquan.words` is the table of registry/ledger/verify/words.py, by which paper and terminal speak. */
(() => {
  const { certificateIn, codeOf, scanned } = Sanquan.papers;
  const byId = (id) => document.getElementById(id);
  const answer = byId("answer");
  const RIGHTS = ["contract-arable", "contract-grass", "contract-forest", "contract-other", "operating", "homestead", "income"];
  let policy = byId("policy").textContent, told = null, code = null; // `told`: a verdict, and the code that stands on its paper

  // ---- elements: text only ever goes in as text ----
  function element(name, children, attributes = {}) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...[children].flat());
    return made;
  }
  const both = (zh, en) => [element("span", zh, { "data-zh": "" }), element("span", en, { "data-en": "" })];
  const line = (zh, en) => element("p", both(zh, en));
  const named = (word, names) => names[word] ?? [word, word];
  const { said, verdicts } = Sanquan.words;
  const day = (iso) => {
    const [year, month, date] = iso.split("-").map(Number);
    return `${year}年${month}月${date}日`;
  };
  const instant = (seconds) => {
    const at = new Date((seconds + 8 * 3600) * 1000).toISOString();
    return [`${day(at.slice(0, 10))} ${at.slice(11, 16)}（北京时间）`, `${at.slice(0, 10)} ${at.slice(11, 16)} (Beijing)`];
  };
  const masked = (number) => (typeof number === "string" && number.length > 6 ? `${number.slice(0, 3)}***********${number.slice(-4)}` : "");

  function show(outcome, children) {
    answer.dataset.outcome = outcome;
    answer.replaceChildren(...children.flat());
    answer.focus();
  }
  const word = (zh, en) => element("p", both(zh, en), { class: "word" });

  // ---- what the verdict says ----
  function showVerdict(verdict, hint) {
    const [zh, en] = verdicts[verdict.word];
    const things = verdict.things, main = things.filter((each) => !["holding", "parcel"].includes(each.thing));
    const parcels = new Map(things.filter((each) => each.thing === "parcel").map((each) => [each.thing_id, each]));
    const shown = main.length ? main : things;
    show("good", [
      word(`${said.genuine[0]} · ${zh}`, `${said.genuine[1]} · ${en}`),
      hint,
      element("h2", both("谁的，哪些权利", "Whose, and which rights")),
      people(verdict),
      ...shown.map((each) => oneThing(each, parcels)),
      ...others(things, shown),
      element("h2", both("截至哪一刻，谁签的", "As of when, signed by whom")),
      since(verdict),
      signatures(verdict),
      element("h2", both("没有证明什么", "What it does not prove")),
      line(...said.unproved),
      line(...said["left-out"]),
      element("details", [element("summary", both("技术细节", "Technical details")), element("pre", JSON.stringify(verdict, null, 1))]),
    ]);
  }

  function people(verdict) {
    const found = Object.values(verdict.opened).flatMap((opened) => (Array.isArray(opened["act.people"]) ? opened["act.people"] : []));
    const names = found.filter(Array.isArray).map(([, name, number]) => `${name}${masked(number) && ` ${masked(number)}`}`);
    return names.length ? element("p", names.join("、")) : line(...said.nameless);
  }

  function oneThing(each, parcels) {
    const [zh, en] = named(each.thing, Sanquan.words.things);
    const isKept = each.whole === "unchanged", hasEnded = each.status === "ended";
    const facts = each.latest.facts;
    const lines = [element("dt", both(zh, en), { "data-thing": each.thing, "data-word": each.whole })];
    lines.push(element("dd", element("b", both(...verdicts[each.whole]))));
    if (hasEnded) lines.push(element("dd", both(...said.ended)));
    if (RIGHTS.includes(each.thing) && facts) lines.push(...ofRight(facts, parcels));
    if (each.thing === "parcel" && facts) lines.push(element("dd", both(`实测 ${facts.surveyed_area_mu} 亩`, `surveyed ${facts.surveyed_area_mu} mu`)));
    if (!facts) lines.push(element("dd", both("内容没有公开，只证明前后是不是一样", "its content is not disclosed, only whether it is the same")));
    each.changes.forEach((change) => lines.push(oneChange(change, isKept)));
    if (each.rests_on === null || each.not_shown.length) {
      lines.push(element("dd", both(...said.alone), { class: "pale" }));
    }
    return element("dl", lines);
  }

  function ofRight(facts, parcels) {
    const lines = [];
    const held = Array.isArray(facts.parcels) ? facts.parcels : [];
    const surveyed = held.map(([id]) => parcels.get(id)?.latest.facts?.surveyed_area_mu).filter(Boolean);
    if (held.length) {
      const areas = held.map(([, , mu]) => mu).filter(Boolean).join(" + ");
      const beside = surveyed.length ? [`，实测 ${surveyed.join(" + ")} 亩`, `, surveyed ${surveyed.join(" + ")} mu`] : ["", ""];
      lines.push(element("dd", both(`${held.length} 块地${areas && `，合同 ${areas} 亩`}${beside[0]}`, `${held.length} parcels${areas && `, by contract ${areas} mu`}${beside[1]}`)));
    }
    if (facts.term_start && facts.term_end) {
      lines.push(element("dd", both(`${day(facts.term_start)}到${day(facts.term_end)}；到期不等于没有了`, `${facts.term_start} to ${facts.term_end}; a term that runs out ends nothing`)));
    }
    return lines;
  }

  function oneChange(change, isKept) {
    const [zh, en] = named(change.kind, Sanquan.words.kinds);
    const consent = Sanquan.kinds[change.kind];
    const willZh = consent ? `，${said.will[0]}` : "", willEn = consent ? `, ${said.will[1]}` : "";
    const keptZh = isKept ? "（不改变比较的内容）" : "", keptEn = isKept ? " (touched nothing that is compared)" : "";
    return element("dd", both(`${day(change.at.slice(0, 10))}：${zh}${willZh}${keptZh}`, `${change.at.slice(0, 10)}: ${en}${willEn}${keptEn}`), { "data-change": change.kind });
  }

  function others(things, shown) {
    const rest = things.filter((each) => !shown.includes(each));
    if (!rest.length) return [];
    return [element("details", [element("summary", both("地块和家庭成员表", "Parcels and member lists")), ...rest.map((each) => oneThing(each, new Map()))])];
  }

  function since(verdict) {
    const opened = verdict.opened[verdict.act] ?? {};
    const [zh, en] = opened["event.kind"] ? named(opened["event.kind"], Sanquan.words.events) : ["登记", "the registration"];
    const when = opened["event.day"] ?? verdict.act_at.slice(0, 10);
    return line(`从 ${day(when)}${zh}，比到账本第 ${verdict.latest} 条（${day(verdict.latest_at.slice(0, 10))}）。`,
      `From ${when}, ${en}, to entry ${verdict.latest} of the log (${verdict.latest_at.slice(0, 10)}).`);
  }

  function signatures(verdict) {
    const list = verdict.cosigned.map(({ name, time }) => {
      const [zh, en] = instant(time);
      return element("li", both(`${name}，${zh} 联署。${said.cosigned[0]}`, `${name}, ${en}: ${said.cosigned[1]}`));
    });
    const alone = verdict.cosigned.length ? [] : [element("li", both(...said.uncosigned))];
    return element("ul", [element("li", both(`登记机构的账本 ${verdict.log}`, `the registry's log ${verdict.log}`)), ...list, ...alone]);
  }

  function showRefusal(refused) {
    if (!(refused instanceof Sanquan.Refused)) throw refused;
    const isFalse = refused.step !== undefined && !refused.undecided && refused.step !== "FORM";
    const isUndecided = refused.undecided || refused.step === undefined;
    const heading = word(...(isUndecided ? said.undecided : said.false));
    const why = { zh: isFalse ? "内容和签名对不上，被改过或是拼起来的：" : "", en: isFalse ? "It does not fit its signatures, it was altered or pieced together: " : "" };
    show(isUndecided ? "unsure" : "bad", [
      heading,
      line(`${why.zh}${refused.zh}。`, `${why.en}${refused.en}.`),
      refused.step ? element("p", `${refused.step} ${Sanquan.certificate.STEPS[refused.step]}`, { class: "pale" }) : [],
      line("要核对原件，请本人回登记机构重新出一份，或请监察局看。", "For the original, ask the holder for a new one from the registry, or ask the supervision bureau."),
    ]);
  }

  /* A page that was made before the registry had a key trusts nobody; it says so instead of calling a paper false. */
  function showNobodyTrusted() {
    show("unsure", [
      word("本页还没有信任名单", "This page has no list of keys yet"),
      line("出这一页的登记机构还没有签名的密钥，本页谁的证明也认不了；上面的样本自带名单，可以试。",
        "The registry that this page comes from has no key to sign with yet, so no proof can be recognised; the samples bring a list of their own."),
      line("有监察局或登记机构公布的名单，在最下面“本页信谁的签名”里选它。",
        "If you have a list that the bureau or the registry published, choose it below, under “Whose signatures this page trusts”."),
    ]);
  }

  // ---- what is handed in ----
  async function judge(bytes, trusted, hint = []) {
    told = null;
    if (!trusted.trim()) {
      showNobodyTrusted();
      return;
    }
    try {
      const { raw, says } = certificateIn(bytes);
      const verdict = await Sanquan.certificate.verify(raw, await Sanquan.note.parsePolicy(trusted));
      told = { verdict, code: await codeOf(verdict) };
      showTold([hint, stated(verdict, says)].flat());
    } catch (refused) {
      showRefusal(refused);
    }
  }

  /* Of a 权益保留证明 only the certificate inside counts. */
  function stated(verdict, says) {
    if (says === undefined) return [];
    const claimed = verdicts[says] ?? ["?", "?"], proved = verdicts[verdict.word], [zh, en] = said.differs;
    const differs = says === verdict.word ? [] : [line(`⚠ ${zh}：${claimed[0]} ≠ ${proved[0]}`, `⚠ ${en}: ${claimed[1]} ≠ ${proved[1]}`)];
    return [line(...said.statement), ...differs];
  }

  /* What was verified; with a code that was scanned only if it is that of the file, to the last character (step CODE at a terminal). */
  function showTold(hint = []) {
    if (code && code.text !== told.code) {
      show("bad", [
        word(...said.false),
        line("纸上二维码说的和这份文件不是同一份：文件没有被改过，可不是这张纸的。", "The code on the paper and this file are not of one proof: the file was not altered, but it is not that of this paper."),
        line("请要纸上这一份的文件，或请本人回登记机构重新出一份。", "Ask for the file of this paper, or for a new one from the registry."),
      ]);
      return;
    }
    const same = code ? line("和纸上二维码说的是同一份。", "It is the one that the code on the paper names.") : [];
    showVerdict(told.verdict, [hint, same].flat());
  }

  function readCode(text) {
    try {
      code = scanned(text);
    } catch (refused) {
      code = null;
      showRefusal(refused);
      return;
    }
    if (told) {
      showTold();
      return;
    }
    const [zh, en] = code.time ? instant(Number(code.time)) : ["没有见证", "no witness"];
    show("unsure", [
      word("还差证明文件", "The file is still needed"),
      line(`这张纸说：证明截至账本第 ${code.size} 条，${zh}。纸上的码放不下全部内容，把 PDF 或 JSON 也放进来就能核对是不是同一份。`,
        `The paper says: up to ${code.size} entries, ${en}. A code can't hold it all: drop the PDF or JSON here too, and it is compared.`),
      element("p", code.certificate, { class: "pale" }),
    ]);
  }

  const read = async (file) => new Uint8Array(await file.arrayBuffer());
  const samples = JSON.parse(byId("sample").textContent);
  const sample = () => new TextEncoder().encode(samples.certificate);
  /* One bit of a disclosed day is turned: 2016 becomes 2017. */
  function brokenSample() {
    return new TextEncoder().encode(samples.certificate.replace('"2016-11-30"', '"2017-11-30"'));
  }

  byId("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const bytes = await read(file);
    event.target.value = ""; // the same file, changed meanwhile, can be chosen again
    await judge(bytes, policy);
  });
  byId("text").addEventListener("input", (event) => event.target.value.trim() && readCode(event.target.value));
  const made = () => line("这是样本，人是编的，密钥也是样本的。", "A sample: people and keys are made up.");
  byId("good").addEventListener("click", () => judge(sample(), samples.policy, made()));
  byId("broken").addEventListener("click", () => judge(brokenSample(), samples.policy));
  byId("other").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    if (!policy.trim()) show("", []);
    policy = Sanquan.strict.utf8(await read(file));
    byId("policy").textContent = policy;
  });
  byId("language").addEventListener("click", (event) => {
    const isEnglish = document.body.dataset.language === "en";
    document.body.dataset.language = isEnglish ? "zh" : "en";
    document.documentElement.lang = isEnglish ? "zh-CN" : "en";
    event.target.textContent = isEnglish ? "English" : "中文";
  });
  const drop = byId("drop");
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
    });
  }
  document.addEventListener("drop", async (event) => {
    const [file] = event.dataTransfer.files;
    if (file) await judge(await read(file), policy);
  });
  if (!policy.trim()) showNobodyTrusted();
  if (location.hash.startsWith("#SQ1.")) {
    byId("text").value = location.hash;
    readCode(location.hash);
  }
  window.addEventListener("hashchange", () => location.hash.startsWith("#SQ1.") && readCode(location.hash));
  document.body.dataset.ready = Sanquan.crypto.isNative() ? "native" : "script";
})();
