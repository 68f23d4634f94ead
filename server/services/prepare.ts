import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { deviceLabel, type MdevType } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { type Choices, choicesOf, type Guest } from '../plans/choices.ts';
import { type Made, makePlan } from '../plans/makePlan.ts';
import type { Change, Refusal, Way, Wish } from '../plans/plan.ts';
import { readableBytes } from '../text/markdown.ts';
import type { World } from '../workspace/world.ts';
import { type FileVersions, toAnnotatedEdit } from './convert.ts';
import { planMarkdown } from './planText.ts';
import { counted, dotted } from './treeRow.ts';

export type { Refusal, Way, Wish };

/** What can be asked of a device: shown before a plan is made. */
export interface PrepareChoices {
  /** `01:00.0 GeForce RTX 3050`. */
  readonly device: string;
  readonly ways: readonly WayChoice[];
  /** Why `whole` is not among the ways, where others are: what tells these choices from a `Refusal` is `ways`. */
  readonly refused?: readonly string[];
  /** VMs of the host, those that fit best first. */
  readonly guests: readonly { readonly uri: string; readonly label: string; readonly description: string }[];
  /** PCI mappings that hold exactly this device. */
  readonly mappings: readonly string[];
}

export interface WayChoice {
  readonly way: Way;
  readonly title: string;
  readonly description: string;
  /** Types of mediated devices (`Wish.mdevType`), VFs that exist (`Wish.addresses`); absent where there is nothing to choose. */
  readonly options?: readonly { readonly id: string; readonly label: string; readonly description: string }[];
  /** Of a PF: how many VFs there may be (`Wish.vfCount`, with the PF's address). */
  readonly mostVfs?: number;
}

/** A plan for an editor: the edit's change annotations are what somebody may tick and untick in a refactoring preview. */
export interface PlanView {
  readonly title: string;
  readonly edit: WorkspaceEdit;
  /** How many changes the edit holds. 0 and no `isTextOnly`: everything is as it should be. */
  readonly changeCount: number;
  /** The workspace has no copy of files that change: only the Markdown says what to write into them. */
  readonly isTextOnly?: boolean;
  readonly commands: readonly { readonly command: string; readonly why: string }[];
  readonly notes: readonly string[];
  /** All of it as Markdown: for those who have no copy of the host's files. */
  readonly markdown: string;
}

/** In which ways devices of a host (a snapshot's URI) can be given to which VMs; the reasons where in none. */
export function prepareChoices(world: World, host: string, addresses: readonly string[]): PrepareChoices | Refusal {
  const choices = choicesOf(world, host, addresses);
  if (!('devices' in choices)) return choices;
  const [first, ...more] = choices.devices;
  if (!first) return { refused: ['The host has no such PCI function.'] };
  const others = more.length === 0 ? '' : `, with ${more.map(fn => shortAddress(fn.address)).join(', ')}`;
  return {
    device: `${shortAddress(first.address)} ${deviceLabel(first)}`,
    ways: [
      ...(choices.refused.length === 0
        ? [{ way: 'whole' as const, title: 'The whole device', description: `it leaves the host${others}` }]
        : []),
      ...virtualWay(choices),
      ...mediatedWay(choices.types),
    ],
    ...(choices.refused.length === 0 ? {} : { refused: choices.refused }),
    guests: choices.guests.map(guest => ({ uri: guest.file.uri, label: guest.label, description: about(guest) })),
    mappings: choices.mappings,
  };
}

/** The plan for a wish; the reasons where the host would lose what it stands on, or the wish makes no sense. */
export function prepare(world: World, wish: Wish, versions: FileVersions): PlanView | Refusal {
  const made = makePlan(world, wish);
  if (!('plan' in made)) return made;
  const { plan } = made;
  const writable = plan.changes.filter(change => isWritable(made, change));
  const isTextOnly = writable.length < plan.changes.length;
  const notes = isTextOnly ? [...plan.notes, noCopy] : plan.notes;
  return {
    title: plan.title,
    edit: toAnnotatedEdit(writable, versions),
    changeCount: writable.length,
    ...(isTextOnly ? { isTextOnly } : {}),
    commands: plan.commands,
    notes,
    markdown: planMarkdown(made, notes),
  };
}

const noCopy =
  'The workspace has no copy of files that change: write these changes into the files on the host, as shown here against the texts that the host sent along.';

const isWritable = (made: Made, { edits, creates }: Change): boolean =>
  edits.every(({ uri }) => made.isWritable(uri)) && (creates === undefined || made.isWritable(creates.uri));

function virtualWay({ vfs, mostVfs }: Choices): readonly WayChoice[] {
  if (!vfs) return [];
  const free = vfs.filter(({ users }) => users.length === 0).length;
  return [
    {
      way: 'vf',
      title: 'A virtual function',
      description: dotted(
        vfs.length === 0 ? 'none exist yet' : `${free} of ${counted(vfs.length, 'VF')} free`,
        mostVfs !== undefined && `up to ${mostVfs}`,
      ),
      ...(vfs.length === 0
        ? {}
        : {
            options: vfs.map(({ fn, users }) => ({
              id: fn.address,
              label: shortAddress(fn.address),
              description: users.length === 0 ? 'free' : users.join(', '),
            })),
          }),
      ...(mostVfs === undefined ? {} : { mostVfs }),
    },
  ];
}

function mediatedWay(types: readonly MdevType[]): readonly WayChoice[] {
  if (types.length === 0) return [];
  return [
    {
      way: 'mdev',
      title: 'A mediated device',
      description: `${counted(types.length, 'type')}; the host keeps the card`,
      options: types.map(({ id, name, description, available }) => ({
        id,
        label: id,
        description: dotted(name, available !== undefined && `${available} free`, description?.replace(/\s+/g, ' ')),
      })),
    },
  ];
}

const about = ({ hasIt, isRunning, isQ35, isOvmf, memory }: Guest): string =>
  dotted(
    hasIt && 'has it already',
    isRunning === undefined ? undefined : isRunning ? 'running' : 'stopped',
    isQ35 ? 'q35' : 'i440fx',
    isOvmf ? 'OVMF' : 'SeaBIOS',
    readableBytes(memory * 1024 ** 2),
  );
