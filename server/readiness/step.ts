import type { SourceFile } from '../languages/language.ts';
import type { Report, Severity } from '../rules/rule.ts';
import { fact, inFile } from './evidence.ts';
import type { Evidence, Stage, Step, StepState } from './readiness.ts';
import type { Scene, SceneFinding, Unit } from './scene.ts';
import { type StepId, stepOfRule } from './stepRules.ts';

/** What a look at the facts says of a step, before the rules are heard. */
export interface Draft {
  readonly state: StepState;
  readonly evidence: readonly Evidence[];
  /** What follows from the evidence, and what does not where a rule found more. */
  readonly conclusion?: string;
  /** The worst that findings can make of it: a lost list of ids, where Proxmox does without one, breaks nothing. */
  readonly atWorst?: StepState;
  /** What to do where it does not hold. */
  readonly advice?: string | undefined;
  readonly isAdvice?: boolean;
}

export const passed = (...evidence: readonly (string | Evidence)[]): Draft => draft('passed', evidence);
export const skipped = (...evidence: readonly (string | Evidence)[]): Draft => draft('skipped', evidence);
/** What is not known, and how to learn it. */
export const unknown = (what: string | readonly Evidence[], advice?: string): Draft => ({
  ...draft('unknown', typeof what === 'string' ? [what] : what),
  advice,
});
export const failed = (evidence: string | readonly Evidence[], advice?: string): Draft => ({
  ...draft('failed', typeof evidence === 'string' ? [evidence] : evidence),
  advice,
});
export const warning = (evidence: string | readonly Evidence[], advice?: string): Draft => ({
  ...draft('warning', typeof evidence === 'string' ? [evidence] : evidence),
  advice,
});

/** A draft whose last sentence is told only as long as no rule says worse: "none of its regions is complained about". */
export const concluding = (facts: Draft, conclusion: string): Draft => ({ ...facts, conclusion });

/** For what can be learned from the host alone. */
export const notAsked = (): Draft =>
  unknown('Nothing is known of the host.', 'Ask it: "hostpci pull root@HOST", or "Refresh" in the device tree.');

const draft = (state: StepState, evidence: readonly (string | Evidence)[]): Draft => ({
  state,
  evidence: evidence.map(one => (typeof one === 'string' ? fact(one) : one)),
});

/**
 * A step by its facts and by the findings of the rules that belong to it: the worse of both counts. With a unit only what
 * was found about that device.
 */
export function step(scene: Scene, id: StepId, title: string, facts: Draft, unit?: Unit): Step {
  const shown = scene.findings
    .filter(one => stepOfFinding(scene, one) === id && (!unit || one.units.includes(unit)))
    .filter(({ report }) => report.severity !== 'hint');
  const found = worstOf(shown.map(({ report }) => stateOfSeverity[report.severity]));
  const worst = facts.atWorst && badness[found] > badness[facts.atWorst] ? facts.atWorst : found;
  const isWorse = badness[worst] > badness[facts.state];
  const state = isWorse ? worst : facts.state;
  const evidence = shown.map(({ file, report }) => evidenceOf(scene, file, report));
  const conclusion = facts.conclusion !== undefined && !isWorse ? [fact(facts.conclusion)] : [];
  // Whoever knows the fault needs no advice on how to learn of it.
  const advice = isWorse && facts.state === 'unknown' ? undefined : facts.advice;
  return {
    id,
    title,
    state,
    evidence: [
      ...evidence,
      ...facts.evidence.filter(one => !evidence.some(other => isSamePlace(one, other))),
      ...conclusion,
    ],
    ...(advice === undefined || state === 'passed' || state === 'skipped' ? {} : { advice }),
    fixes: shown.flatMap(({ report }) => fixesOf(scene, report)),
    rules: [...new Set(shown.map(({ report }) => report.rule))],
    ...(facts.isAdvice ? { isAdvice: true } : {}),
  };
}

export const stage = (id: string, title: string, steps: readonly Step[]): Stage => ({
  id,
  title,
  state: stateOf(steps),
  steps,
});

/** The state of several steps: the worst of those that count; skipped where none says anything. */
export const stateOf = (steps: readonly Pick<Step, 'state' | 'isAdvice'>[]): StepState =>
  worstOf(steps.filter(one => !(one.isAdvice && one.state === 'unknown')).map(one => one.state));

export const worstOf = (states: readonly StepState[]): StepState =>
  states.reduce<StepState>((worst, one) => (badness[one] > badness[worst] ? one : worst), 'skipped');

const badness: Readonly<Record<StepState, number>> = { skipped: 0, passed: 1, unknown: 2, warning: 3, failed: 4 };

const stateOfSeverity: Readonly<Record<Severity, StepState>> = {
  error: 'failed',
  warning: 'warning',
  info: 'skipped',
  hint: 'skipped',
};

/** What is wrong in a line about a device is told with those lines, not with the rest of the VM. */
function stepOfFinding({ anchor }: Scene, { file, report }: SceneFinding): StepId | undefined {
  const id = stepOfRule(report.rule);
  const isAboutDevice = file === anchor && /^\s*hostpci/.test(file.lines[report.span.line] ?? '');
  return id === 'guest-lines' && isAboutDevice ? 'guest-devices' : id;
}

/** A finding says more of a place than its bare text. */
const isSamePlace = (a: Evidence, b: Evidence): boolean =>
  a.uri !== undefined &&
  a.uri === b.uri &&
  a.span?.line === b.span?.line &&
  a.span?.start === b.span?.start &&
  a.span?.end === b.span?.end;

/** What is found in a VM of our own making has no place that anybody could look at. */
const evidenceOf = (scene: Scene, file: SourceFile, report: Report): Evidence =>
  file === scene.anchor && !scene.guest ? fact(report.message) : inFile(file, report.span, report.message);

const fixesOf = (scene: Scene, report: Report): Step['fixes'] =>
  (report.fixes ?? [])
    .filter(({ edits }) => edits.length > 0 && edits.every(({ uri }) => scene.isEditable(uri)))
    .map(({ title, edits }) => ({ title, edits }));
