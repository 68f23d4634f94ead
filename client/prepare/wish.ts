import * as vscode from 'vscode';
import type { PrepareChoices, Refusal, Wish } from '../../server/protocol.ts';
import { askInSteps, type PickQuestion, type Question } from './quickSteps.ts';

/** The devices that somebody wants to give away, and the mediated type where a row stood for one. */
export interface Wanted {
  /** URI of the snapshot that they are from. */
  readonly host: string;
  readonly addresses: readonly string[];
  readonly mdevType?: string | undefined;
}

type Way = PrepareChoices['ways'][number];

interface Answers {
  readonly way?: Way;
  readonly option?: string;
  /** The whole device was chosen, which the host cannot do without. */
  readonly isRefused?: boolean;
  readonly vfCount?: number;
  readonly guest?: string;
  /** `address`, `new`, or the name of a mapping behind a colon. */
  readonly named?: string;
  readonly newMapping?: string;
}

/**
 * Asks for all that is open: the way, its option, the VM, address or mapping. `undefined`: somebody thought better of it;
 * the reasons, where the only thing that would do cannot be.
 */
export async function askWish(wanted: Wanted, choices: PrepareChoices): Promise<Wish | Refusal | undefined> {
  const start = choices.ways.find(way => way.way === 'mdev' && hasOption(way, wanted.mdevType));
  const first: Answers = start && wanted.mdevType !== undefined ? { way: start, option: wanted.mdevType } : {};
  const answers = await askInSteps(`Prepare ${choices.device}`, first, said => nextQuestion(said, choices));
  if (answers?.isRefused) return { refused: choices.refused ?? [] };
  return answers && wishOf(answers, wanted);
}

const hasOption = (way: Way, id: string | undefined): boolean => way.options?.some(one => one.id === id) === true;

function wishOf({ way, option, vfCount, guest, named, newMapping }: Answers, wanted: Wanted): Wish | undefined {
  if (!way || guest === undefined) return undefined;
  const mapping = newMapping ?? (named?.startsWith(':') ? named.slice(1) : undefined);
  return {
    host: wanted.host,
    addresses: way.way === 'vf' && option !== undefined && vfCount === undefined ? [option] : wanted.addresses,
    way: way.way,
    guest,
    ...(way.way === 'mdev' && option !== undefined ? { mdevType: option } : {}),
    ...(vfCount === undefined ? {} : { vfCount }),
    ...(mapping === undefined ? {} : { mapping }),
  };
}

function nextQuestion(said: Answers, choices: PrepareChoices): Question<Answers> | undefined {
  const { way } = said;
  if (!way) return askWay(choices);
  if (way.options && way.options.length > 0 && said.option === undefined) return askOption(way);
  if (way.mostVfs !== undefined && said.option === undefined && said.vfCount === undefined)
    return askCount(way.mostVfs);
  if (said.guest === undefined) return askGuest(choices);
  if (said.named === undefined) return askName(choices);
  return said.named === 'new' && said.newMapping === undefined ? askNewName(choices) : undefined;
}

const askWay = ({ ways, refused }: PrepareChoices): PickQuestion<Answers> => ({
  placeholder: 'How shall it get into the VM?',
  items: [
    ...ways.map(({ way, title, description }) => ({
      label: `$(${wayIcons[way]}) ${title}`,
      detail: description,
      value: way,
    })),
    // Who looks for it shall learn why it is not to be had.
    ...(refused
      ? [{ label: '$(circle-slash) Not the whole device', detail: refused.join(' '), value: 'refused' }]
      : []),
  ],
  answer: (said, value) => {
    const way = ways.find(one => one.way === value);
    return way ? { ...said, way } : { ...said, isRefused: true };
  },
});

const wayIcons: Readonly<Record<Way['way'], string>> = {
  whole: 'circuit-board',
  vf: 'type-hierarchy-sub',
  mdev: 'layers',
};

const askOption = ({ way, options, mostVfs }: Way): PickQuestion<Answers> => ({
  placeholder: way === 'mdev' ? 'Which type of mediated device?' : 'Which virtual function?',
  items: [
    ...(options ?? []).map(({ id, label, description }) => ({ label, description, value: id })),
    ...(mostVfs === undefined ? [] : [{ label: '$(add) Another number of them…', value: anotherCount }]),
  ],
  answer: (said, value) => ({ ...said, option: value }),
});

const anotherCount = 'another count';

const askCount = (most: number): Question<Answers> => ({
  placeholder: `How many virtual functions shall exist, of ${most} at most?`,
  value: String(Math.min(4, most)),
  validate: text => {
    const count = Number(text);
    return /^\d+$/.test(text) && count >= 1 && count <= most ? undefined : `A number from 1 to ${most}.`;
  },
  answer: (said, value) => ({ ...said, vfCount: Number(value) }),
});

/** The VM in front comes first: who has it open mostly means it. */
function askGuest({ guests }: PrepareChoices): PickQuestion<Answers> {
  const inFront = vscode.window.activeTextEditor?.document.uri.toString();
  const sorted = [...guests].sort((a, b) => Number(b.uri === inFront) - Number(a.uri === inFront));
  return {
    placeholder: 'Which VM shall have it?',
    items: sorted.map(({ uri, label, description }) => ({ label: `$(vm) ${label}`, description, value: uri })),
    answer: (said, value) => ({ ...said, guest: value }),
  };
}

const askName = ({ mappings }: PrepareChoices): PickQuestion<Answers> => ({
  placeholder: 'What shall the VM name it by?',
  items: [
    {
      label: '$(location) Its address',
      detail: 'Works on this host only, and without further rights.',
      value: 'address',
    },
    ...mappings.map(name => ({
      label: `$(link) The mapping ${name}`,
      detail: 'It exists already.',
      value: `:${name}`,
    })),
    {
      label: '$(add) A new mapping…',
      detail: 'A name for the device, which other nodes can give to theirs.',
      value: 'new',
    },
  ],
  answer: (said, value) => ({ ...said, named: value }),
});

const askNewName = ({ mappings }: PrepareChoices): Question<Answers> => ({
  placeholder: 'Name of the new mapping',
  value: '',
  validate: text => {
    if (mappings.includes(text)) return `There is a mapping ${text} already.`;
    // A pve-configid.
    return /^[a-z][a-z0-9_-]+$/i.test(text) ? undefined : 'At least two of: letters, digits, - and _; a letter first.';
  },
  answer: (said, value) => ({ ...said, newMapping: value }),
});
