import type { Range, WorkspaceEdit } from 'vscode-languageserver-types';
import { assess } from '../readiness/assess.ts';
import type { RuleRun } from '../readiness/findings.ts';
import type { DueCommand, Evidence, Stage, Step, StepState, Subject } from '../readiness/readiness.ts';
import { markdownReport } from '../readiness/report.ts';
import { subjectsOf } from '../readiness/subjects.ts';
import type { World } from '../workspace/world.ts';
import { type FileVersions, optional, ruleUrl, toRange, toWorkspaceEdit } from './convert.ts';

export type { DueCommand, RuleRun, StepState, Subject };

/** Readiness for a view: LSP's positions and edits, every text to be shown as it is. */
export interface ReadinessView {
  readonly subject: Subject;
  readonly title: string;
  readonly state: StepState;
  readonly node?: string;
  readonly takenAt?: string;
  readonly stages: readonly StageView[];
  readonly commands: readonly DueCommand[];
  readonly gaps: readonly string[];
  /** The whole as Markdown to be pasted into a forum; serial numbers and names masked. */
  readonly report: string;
}

export interface StageView {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly evidence: readonly { readonly text: string; readonly uri?: string; readonly range?: Range }[];
  readonly advice?: string;
  readonly fixes: readonly { readonly title: string; readonly edit: WorkspaceEdit }[];
  /** With the page that explains each. */
  readonly rules: readonly { readonly id: string; readonly url: string }[];
  /** What no snapshot shows: where it is `unknown`, that keeps nobody from being ready. */
  readonly isAdvice?: boolean;
}

/** One thing whose readiness can be asked for. */
export interface SubjectChoice {
  readonly subject: Subject;
  /** `VM 101 (win11)`, `01:00.0 GeForce RTX 3050`. */
  readonly label: string;
  readonly description: string;
}

export const subjects = (world: World): readonly SubjectChoice[] => subjectsOf(world);

/** The way of a subject; `undefined` where the world has no such thing. */
export function readiness(
  world: World,
  subject: Subject,
  run: RuleRun,
  versions: FileVersions,
): ReadinessView | undefined {
  const assessment = assess(world, subject, run);
  if (!assessment) return undefined;
  const { title, state, node, takenAt, stages, commands, gaps } = assessment.readiness;
  return {
    subject,
    title,
    state,
    ...optional('node', node),
    ...optional('takenAt', takenAt),
    stages: stages.map(one => toStageView(one, versions)),
    commands,
    gaps,
    report: markdownReport(assessment),
  };
}

const toStageView = ({ id, title, state, steps }: Stage, versions: FileVersions): StageView => ({
  id,
  title,
  state,
  steps: steps.map(one => toStepView(one, versions)),
});

const toStepView = (
  { id, title, state, evidence, advice, fixes, rules, isAdvice }: Step,
  versions: FileVersions,
): StepView => ({
  id,
  title,
  state,
  evidence: evidence.map(toEvidenceView),
  ...optional('advice', advice),
  fixes: fixes.map(fix => ({ title: fix.title, edit: toWorkspaceEdit(fix.edits, versions) })),
  rules: rules.map(rule => ({ id: rule, url: ruleUrl(rule) })),
  ...optional('isAdvice', isAdvice),
});

const toEvidenceView = ({ text, uri, span }: Evidence): StepView['evidence'][number] => ({
  text,
  ...optional('uri', uri),
  ...optional('range', span && toRange(span)),
});
