import { type Assessment, hostStages } from '../readiness/assess.ts';
import type { DueCommand, Readiness, Stage, Step, StepState, Subject } from '../readiness/readiness.ts';
import { summary } from '../readiness/report.ts';
import { printable } from './textFile.ts';

const marks: Readonly<Record<StepState, string>> = {
  passed: '✓',
  failed: '✗',
  warning: '!',
  unknown: '?',
  skipped: '-',
};

/** A subject that was asked for, and what came of it. */
export interface Assessed {
  readonly subject: Subject;
  readonly assessment: Assessment;
}

/** For a terminal: a heading a stage, a line a step, what speaks for it indented; skipped steps are left out. */
export function asText(found: readonly Assessed[]): string {
  const hosts = new Map(
    found.flatMap(({ subject, assessment }) => (subject.kind === 'host' ? [[subject.host, assessment.readiness]] : [])),
  );
  return found
    .map(({ subject, assessment: { readiness, snapshot } }) =>
      readinessText(readiness, subject.kind === 'guest' && snapshot ? hosts.get(snapshot.uri) : undefined),
    )
    .join('\n');
}

/** With `told` the host's readiness was printed before: of its stages only what is otherwise for this VM is told again. */
function readinessText(readiness: Readiness, told: Readiness | undefined): string {
  const { title, node, takenAt, stages, commands, gaps } = readiness;
  const where = node === undefined || title.endsWith(node) ? '' : ` on ${node}`;
  const when = takenAt === undefined ? '' : `, asked ${takenAt.slice(0, 16).replace('T', ' ')} UTC`;
  const lines = [
    `${marks[readiness.state]} ${title}${where}${when}: ${summary(readiness)}`,
    ...stages.map(one => ({ ...one, steps: one.steps.filter(step => !isTold(step, one, told)) })).flatMap(stageLines),
    ...commandLines(commands),
    ...(told ? [] : gaps.map(gap => `not known: ${gap}`)),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function isTold(step: Step, { id }: Stage, told: Readiness | undefined): boolean {
  if (!hostStages.includes(id)) return false;
  const before = told?.stages.find(one => one.id === id)?.steps.find(one => one.id === step.id);
  return before?.state === step.state && step.rules.every(rule => before.rules.includes(rule));
}

function stageLines({ title, steps }: Stage): readonly string[] {
  const told = steps.filter(({ state }) => state !== 'skipped');
  return told.length === 0 ? [] : ['', title, ...told.flatMap(stepLines)];
}

const stepLines = (step: Step): readonly string[] => [
  `  ${marks[step.state]} ${step.title}${step.rules.length > 0 ? `  ${step.rules.join(' ')}` : ''}`,
  ...step.evidence.map(({ text }) => `      ${text}`),
  ...(step.advice === undefined ? [] : [`      → ${step.advice}`]),
  ...step.fixes.map(({ title }) => `      fix: ${title}`),
];

function commandLines(commands: readonly DueCommand[]): readonly string[] {
  const due = commands.filter(({ isDue }) => isDue !== false);
  if (due.length === 0) return commands.length > 0 ? ['', 'Nothing is left to be run on the host.', ''] : [''];
  return [
    '',
    'To run on the host, in this order',
    ...due.flatMap(({ command, why, isDue }) => [`  ${isDue ? '' : '(perhaps) '}${command}`, `      ${why}`]),
    '',
  ];
}

/** The form of `--format json`, stable since 0.2: lines and columns from 1 in UTF-16 units, `endColumn` exclusive. */
export interface DoctorResult {
  readonly version: 1;
  readonly subjects: readonly JsonReadiness[];
}

interface JsonReadiness extends Omit<Readiness, 'stages' | 'node' | 'takenAt'> {
  readonly kind: 'guest' | 'device' | 'host';
  readonly node?: string | undefined;
  readonly takenAt?: string | undefined;
  readonly stages: readonly (Omit<Stage, 'steps'> & { readonly steps: readonly JsonStep[] })[];
}

interface JsonStep extends Omit<Step, 'evidence' | 'fixes'> {
  readonly evidence: readonly {
    readonly text: string;
    readonly uri?: string;
    readonly line?: number;
    readonly column?: number;
    readonly endLine?: number;
    readonly endColumn?: number;
  }[];
  /** Titles of what can be applied in an editor. */
  readonly fixes: readonly string[];
}

export function asJson(found: readonly Assessed[]): string {
  const result: DoctorResult = {
    version: 1,
    subjects: found.map(({ subject, assessment: { readiness } }) => ({
      kind: subject.kind,
      ...readiness,
      stages: readiness.stages.map(one => ({ ...one, steps: one.steps.map(toJsonStep) })),
    })),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

const toJsonStep = ({ evidence, fixes, ...step }: Step): JsonStep => ({
  ...step,
  evidence: evidence.map(({ text, uri, span }) => ({
    text,
    ...(uri === undefined ? {} : { uri }),
    ...(span === undefined
      ? {}
      : { line: span.line + 1, column: span.start + 1, endLine: span.endLine + 1, endColumn: span.end + 1 }),
  })),
  fixes: fixes.map(({ title }) => title),
});
