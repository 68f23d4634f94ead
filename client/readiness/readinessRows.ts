import type { ReadinessView, StageView, StepState, StepView, Subject } from '../../server/protocol.ts';
import { age } from '../tree/age.ts';

/** One row of the readiness view: everything that has to be drawn, and what its actions need. */
export interface ReadinessRow {
  /** Stable while the same subject is shown, so that what is open and selected stays so. */
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  /** Plain text, paragraphs with empty lines between them. */
  readonly tooltip?: string | undefined;
  /** A codicon's name, and the theme colour to paint it in. */
  readonly icon: string;
  readonly color?: string | undefined;
  /** What menus ask: `summary`, `stage`, `step`, `step.fix`, `evidence`, `advice`, `fix`, `rule`, `commands`, `command`, `gaps`, `gap`. */
  readonly context: string;
  readonly spoken: string;
  /** Where a click leads: a line of a file, or a page. */
  readonly location?: Place | undefined;
  readonly url?: string | undefined;
  /** Of a fix, and of a step that has one. */
  readonly fix?: Fix | undefined;
  /** Of commands: what to paste into a root shell. */
  readonly shell?: string | undefined;
  readonly open?: boolean;
  readonly children?: readonly ReadinessRow[] | undefined;
}

export interface Place {
  readonly uri: string;
  /** LSP's. */
  readonly range: NonNullable<Evidence['range']> | undefined;
}

export type Fix = StepView['fixes'][number];
type Evidence = StepView['evidence'][number];
type DueCommand = ReadinessView['commands'][number];

/** The rows of the view: what it comes to, the stages, what is to be run, what could not be known. */
export function readinessRows(view: ReadinessView): readonly ReadinessRow[] {
  const key = keyOf(view.subject);
  // Warnings wait until nothing fails any more: what fails shall be seen without scrolling.
  const opens: StepState = view.stages.some(stage => stage.state === 'failed') ? 'failed' : 'warning';
  return distinct([
    summaryRow(view, key),
    ...view.stages.map(stage => stageRow(stage, key, stage.state === opens)),
    ...commandRows(view.commands, key),
    ...gapRows(view.gaps, key),
  ]);
}

/** What a subject is known by. */
export const keyOf = (subject: Subject): string =>
  subject.kind === 'guest'
    ? subject.uri
    : subject.kind === 'device'
      ? `${subject.host}#${subject.address}`
      : subject.host;

function summaryRow(view: ReadinessView, key: string): ReadinessRow {
  const label = verdict(view);
  const taken = view.takenAt === undefined ? 'host not asked' : `host asked ${age(view.takenAt)}`;
  const description = [view.node, taken].filter(Boolean).join(' · ');
  return {
    id: `${key}|summary`,
    label,
    description,
    tooltip: `${view.title}\n\n${label}\n\n${description}`,
    ...iconOf[view.state],
    context: 'summary',
    spoken: `${view.title}: ${label}, ${description}`,
  };
}

function verdict({ state, stages }: ReadinessView): string {
  const states = stages.flatMap(stage => stage.steps.map(step => step.state)).filter(one => one !== 'skipped');
  const count = (wanted: StepState): number => states.filter(one => one === wanted).length;
  const unknown = count('unknown') > 0 ? `, ${count('unknown')} not known` : '';
  switch (state) {
    case 'failed':
      return `Not ready: ${count('failed')} of ${counted(states.length, 'step')} failed`;
    case 'warning':
      return `Ready, with ${counted(count('warning'), 'warning')}${unknown}`;
    case 'unknown':
      return `Nothing failed${unknown}`;
    case 'passed':
      return `Ready: ${counted(states.length, 'step')} passed`;
    case 'skipped':
      return 'Nothing to check';
  }
}

function stageRow(stage: StageView, key: string, open: boolean): ReadinessRow {
  const id = `${key}|${stage.id}`;
  const description = tally(stage);
  return {
    id,
    label: stage.title,
    description,
    ...iconOf[stage.state],
    context: 'stage',
    spoken: `${stage.title}: ${stateInWords[stage.state]}, ${description}`,
    open,
    children: stage.steps.map(step => stepRow(step, id)),
  };
}

/** How many steps of a stage are in order; skipped ones do not count. */
function tally({ steps }: StageView): string {
  const counting = steps.filter(step => step.state !== 'skipped');
  const passed = counting.filter(step => step.state === 'passed').length;
  return counting.length === 0 ? 'does not apply' : `${passed} of ${counting.length}`;
}

function stepRow(step: StepView, above: string): ReadinessRow {
  const id = `${above}|${step.id}`;
  const [fix] = step.fixes;
  const first = step.state === 'failed' || step.state === 'warning' ? step.advice : undefined;
  const rows = step.evidence.map(one => evidenceRow(one, id));
  const texts = rows.map(row => row.label);
  return {
    id,
    label: step.title,
    description: first ?? texts[0],
    tooltip: [step.title, stateInWords[step.state], ...texts, step.advice].filter(Boolean).join('\n\n'),
    ...iconOf[step.state],
    context: fix ? 'step.fix' : 'step',
    spoken: sentences(`${step.title}: ${stateInWords[step.state]}`, ...texts, step.advice),
    fix,
    open: step.state === 'failed',
    children: [
      ...rows,
      ...(step.advice === undefined ? [] : [adviceRow(step.advice, id)]),
      ...step.fixes.map(one => fixRow(one, id)),
      ...step.rules.map(rule => ruleRow(rule, id)),
    ],
  };
}

function evidenceRow({ text, uri, range }: Evidence, above: string): ReadinessRow {
  const { place, what } = uri === undefined ? { place: undefined, what: text } : parted(text, uri, range);
  return {
    id: `${above}|evidence ${text}`,
    label: what,
    description: place,
    tooltip: [what, place].filter(Boolean).join('\n\n'),
    icon: uri === undefined ? 'info' : 'go-to-file',
    context: 'evidence',
    spoken: `Evidence: ${[what, place].filter(Boolean).join(', ')}`,
    location: uri === undefined ? undefined : { uri, range },
  };
}

/** `modprobe.d/vfio.conf:2: what is there`: in a narrow view the place steps behind what is there. */
function parted(text: string, uri: string, range: Place['range']): { readonly place: string; readonly what: string } {
  const [, place, what] = /^([^\s:]+:\d+): (.+)$/s.exec(text) ?? [];
  if (place !== undefined && what !== undefined) return { place, what };
  const name = uri.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return { place: range ? `${name}:${range.start.line + 1}` : name, what: text };
}

const adviceRow = (advice: string, above: string): ReadinessRow => ({
  id: `${above}|advice`,
  label: advice,
  tooltip: advice,
  icon: 'lightbulb',
  color: 'editorLightBulb.foreground',
  context: 'advice',
  spoken: `Advice: ${advice}`,
});

const fixRow = (fix: Fix, above: string): ReadinessRow => ({
  id: `${above}|fix ${fix.title}`,
  label: fix.title,
  tooltip: `${fix.title}\n\nA click shows the place, the button applies the fix.`,
  icon: 'wrench',
  color: 'editorLightBulbAutoFix.foreground',
  context: 'fix',
  spoken: `Fix: ${fix.title}`,
  fix,
});

const ruleRow = ({ id, url }: StepView['rules'][number], above: string): ReadinessRow => ({
  id: `${above}|rule ${id}`,
  label: id,
  description: 'what the rule says',
  tooltip: url,
  icon: 'book',
  context: 'rule',
  spoken: `Rule ${id}`,
  url,
});

function commandRows(commands: readonly DueCommand[], key: string): readonly ReadinessRow[] {
  if (commands.length === 0) return [];
  const open = commands.filter(one => one.isDue !== false);
  const due = open.filter(one => one.isDue).length;
  const parts = [due > 0 && `${due} due`, open.length > due && `${open.length - due} not known`].filter(Boolean);
  const description = parts.length === 0 ? 'all done' : parts.join(', ');
  const id = `${key}|commands`;
  return [
    {
      id,
      label: 'Commands',
      description,
      icon: 'terminal',
      context: open.length > 0 ? 'commands' : 'commands.done',
      spoken: `Commands on the host: ${description}`,
      shell: open.map(one => one.command).join('\n'),
      open: open.length > 0,
      children: commands.map(one => commandRow(one, id)),
    },
  ];
}

function commandRow({ command, why, isDue }: DueCommand, above: string): ReadinessRow {
  const state = isDue === undefined ? 'not known whether it ran' : isDue ? 'due' : 'done';
  return {
    id: `${above}|${command}`,
    label: command,
    description: `${state} · ${why}`,
    tooltip: `${command}\n\n${state}\n\n${why}`,
    ...(isDue === undefined ? iconOf.unknown : isDue ? dueIcon : iconOf.passed),
    context: 'command',
    spoken: sentences(`${command}: ${state}`, why),
    shell: command,
  };
}

function gapRows(gaps: readonly string[], key: string): readonly ReadinessRow[] {
  if (gaps.length === 0) return [];
  const row = { ...iconOf.unknown, context: 'gap' };
  return [
    {
      ...iconOf.unknown,
      id: `${key}|gaps`,
      label: 'Not known',
      description: String(gaps.length),
      context: 'gaps',
      spoken: `Not known: ${gaps.length}`,
      children: gaps.map(gap => ({ ...row, id: `${key}|gap ${gap}`, label: gap, tooltip: gap, spoken: gap })),
    },
  ];
}

const iconOf: Readonly<Record<StepState, { readonly icon: string; readonly color: string }>> = {
  passed: { icon: 'pass', color: 'testing.iconPassed' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
  warning: { icon: 'warning', color: 'problemsWarningIcon.foreground' },
  unknown: { icon: 'question', color: 'testing.iconUnset' },
  skipped: { icon: 'circle-slash', color: 'testing.iconSkipped' },
};

const dueIcon = { icon: 'play-circle', color: 'problemsInfoIcon.foreground' };

const stateInWords: Readonly<Record<StepState, string>> = {
  passed: 'passed',
  failed: 'failed',
  warning: 'warning',
  unknown: 'not known',
  skipped: 'does not apply',
};

/** With full stops between them, where they have none. */
const sentences = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter(part => part !== undefined && part !== '')
    .map(part => (/[.!?]$/.test(part ?? '') ? part : `${part}.`))
    .join(' ');

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** VS Code refuses to draw two rows of one id; the server may well tell the same thing twice. */
function distinct(rows: readonly ReadinessRow[], seen = new Set<string>()): readonly ReadinessRow[] {
  return rows.map(row => {
    let id = row.id;
    for (let turn = 2; seen.has(id); turn++) id = `${row.id} ${turn}`;
    seen.add(id);
    return { ...row, id, children: row.children && distinct(row.children, seen) };
  });
}
