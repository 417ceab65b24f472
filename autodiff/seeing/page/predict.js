// Predict, then reveal: before a step its number is asked for, and what was thought where it is wrong is named.

const HINTS = 2; // after which the answer is what is left
//   quiz  open: the questions of the next step that are left; at: which step that is; reached: how far answers have come
const quiz = { open: [], at: null, reached: 0, hints: 0, tries: 0, score: new Map(), told: "", right: null };

/** Ask for the next step, where it has something to ask. */
function askNext(view) {
  const { chosen, steps, count, model } = view;
  byId("ask").hidden = !chosen.predict;
  document.body.classList.toggle("predicting", chosen.predict);
  if (!chosen.predict) return;
  const key = [chosen.sweep, model.values, model.tangents, model.adjoints].join();
  if (quiz.key !== key) Object.assign(quiz, { key, reached: count, at: null });
  if (quiz.at !== count) {
    const asked = count < quiz.reached ? [] : partsOf(steps[count]).flatMap((part) => questionsOf(model, part));
    Object.assign(quiz, { at: count, reached: Math.max(count, quiz.reached), open: asked, hints: 0, tries: 0 });
  }
  showQuestion(view);
  showScore();
}

function showQuestion({ steps, count }) {
  const [question] = quiz.open;
  byId("hint").disabled = byId("reveal").disabled = !question;
  set(byId("mark"), question ? "Mark" : "Go on");
  const rest = count < steps.length ? "Press → to go on." : "That was the last step.";
  setWords(byId("question"), question ? wordsOf(question) : rest);
  set(byId("asked"), question ? `${leftOf(question)} ` : "");
  byId("feedback").dataset.right = String(quiz.right);
  setWords(byId("feedback"), [quiz.told, question ? hintOf(question) : ""].filter(Boolean).join("   "));
}

/** The question in words. */
function wordsOf({ kind, step }) {
  const name = DATA.nodes[step.slot].name;
  if (kind === "value") return `What is ${name} = ${DATA.nodes[step.slot].expression}?`;
  const [from, to] = [DATA.nodes[step.from].name, DATA.nodes[step.to].name];
  const rate = nameOf(step.to, step.phase);
  if (kind === "sum") return `${rate} was ${short(step.before)}. What is it now?`;
  return step.phase === "reverse" ? `What does ${from} hand back to ${to}?` : `What does ${from} hand on to ${to}?`;
}

const leftOf = ({ kind, step }) =>
  kind === "value"
    ? `${DATA.nodes[step.slot].name} =`
    : `${nameOf(step.to, step.phase)} ${kind === "sum" ? "=" : "+="}`;

/** First the formula, then the numbers in it. */
function hintOf({ kind, step, operands }) {
  if (!quiz.hints) return "";
  if (kind === "value") {
    const node = DATA.nodes[step.slot];
    return quiz.hints > 1
      ? `It is ${applied(node, operands.map(short))}.`
      : `Put the values of its operands into ${node.expression}.`;
  }
  if (kind === "sum") {
    return quiz.hints > 1
      ? `It is ${short(step.before)} + ${grouped(short(step.contribution))}.`
      : "Add the contribution to what was there.";
  }
  const names = `${nameOf(step.from, step.phase)}·${partialName(DATA, step)}`;
  const formula = DATA.nodes[step.slot].formulas[step.position];
  return quiz.hints > 1
    ? `It is ${short(step.rate)} × ${grouped(short(step.slope))}.`
    : `It is ${names}${formula ? `, and ${partialName(DATA, step)} = ${formula}` : ""}.`;
}

function count(kind) {
  quiz.score.set(kind, (quiz.score.get(kind) ?? 0) + 1);
}

/** Mark what was typed: what is no number costs nothing. */
function mark() {
  const [question] = quiz.open;
  const text = byId("answer").value;
  if (!question) return;
  const x = answerOf(text);
  quiz.right = null;
  if (Number.isNaN(x)) {
    quiz.told = text.trim()
      ? `“${text.trim()}” is not a number: write it as 1/2, −0.5, .5 or 2e-3.`
      : "Type a number, as 1/2, −0.5 or 2e-3.";
  } else if (isAnswer(x, question.answer, question.margin)) {
    return advance(
      `Right: ${short(question.answer)}.`,
      quiz.hints ? "right with a hint" : quiz.tries ? "right after all" : "right at once",
    );
  } else {
    quiz.tries++;
    quiz.right = false;
    quiz.told = judgement(question, x);
  }
  byId("answer").select();
  show(chosen.count);
}

/** What a wrong answer tells. */
function judgement(question, x) {
  const thought = misconceptionsOf(question, x);
  const near = Math.abs(x - question.answer) <= 0.02 * Math.abs(question.answer);
  if (!thought.length && near) return `Close, but rounded too far: ${DATA.digits} digits are wanted.`;
  for (const { kind } of thought) count(kind);
  if (!thought.length) count("another mistake");
  const told = thought.map(({ told }) => (typeof told === "string" ? told : told(question)));
  return `Not ${written(x, DATA.digits)}: ${told.length ? told.join(", or ") : "try again, or take a hint"}.`;
}

/** On to the next question, or the step itself. */
function advance(told, kind) {
  count(kind);
  quiz.open.shift();
  Object.assign(quiz, { hints: 0, tries: 0, told, right: kind !== "shown" });
  byId("answer").value = "";
  show(chosen.count + (quiz.open.length ? 0 : 1));
  byId("answer").focus({ preventScroll: true });
}

function showScore() {
  const rows = [...quiz.score].map(([kind, times]) => element("li", {}, `${kind}: ${times}`));
  renew(byId("score"), rows);
  byId("score-title").hidden = !rows.length;
}

/** How far one may go: not past a step that is asked for. */
function within(count) {
  quiz.told = "";
  if (!chosen.predict || count <= quiz.reached) return count;
  if (quiz.open.length) byId("answer").focus();
  return quiz.open.length ? chosen.count : Math.max(chosen.count, quiz.reached) + 1;
}

function listenToQuiz() {
  byId("predict").ariaPressed = String(chosen.predict);
  byId("predict").addEventListener("click", () => {
    byId("predict").ariaPressed = String(!chosen.predict);
    pause();
    const mistakes = { assign: false, order: false };
    for (const mistake of Object.keys(mistakes)) byId(mistake).checked = false;
    choose({ predict: !chosen.predict, checking: false, mistakes });
    if (!chosen.predict) return;
    if (chosen.count === follows.steps.length) show(0);
    byId("answer").focus();
  });
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (quiz.open.length) mark();
    else go(chosen.count + 1);
    byId("answer").focus();
  });
  byId("hint").addEventListener("click", () => {
    quiz.hints = Math.min(HINTS, quiz.hints + 1);
    show(chosen.count);
    byId("answer").focus();
  });
  byId("reveal").addEventListener("click", () => advance(`It is ${short(quiz.open[0].answer)}.`, "shown"));
}
