import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionAt } from '../../host/inventory.ts';
import { parsePciAddress, parseSlotOrFunction } from '../../host/pciAddress.ts';
import type { SourceFile } from '../languages/language.ts';
import { applied } from '../plans/applied.ts';
import { type Made, makePlan } from '../plans/makePlan.ts';
import type { Change, Wish } from '../plans/plan.ts';
import { fileChanges } from '../services/planText.ts';
import { fromLines } from '../text/lines.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';
import { loadPaths } from './loadPaths.ts';
import { noSuchDevice } from './noSuchDevice.ts';
import { prepareReplacement, type Replacement, replaceFile, whyNotWritten } from './replaceFile.ts';
import { type Output, printable } from './textFile.ts';

export interface PrepareOptions {
  /** The VM's id. */
  readonly vm: string;
  /** How many VFs shall exist; an empty text where those that there are will do. */
  readonly vf?: string | true;
  readonly mdev?: string;
  readonly mapping?: string;
  readonly snapshot?: string;
  readonly apply?: boolean;
}

/**
 * Prints what has to change so that a VM gets a device, and with `--apply` writes it. Answers the exit code: 0 there is a
 * plan or nothing to do, 1 refused, 2 could not run.
 */
export async function prepare(
  address: string,
  path: string | undefined,
  options: PrepareOptions,
  output: Output,
): Promise<number> {
  const loaded = await loadPaths([path ?? '.'], options.snapshot === undefined ? {} : { snapshot: options.snapshot });
  const wish = loaded.problems.length > 0 ? loaded.problems : wishOf(loaded.world, address, options);
  if (Array.isArray(wish)) {
    for (const problem of wish) output.err(printable(problem));
    return 2;
  }
  const made = makePlan(loaded.world, wish as Wish);
  if (!('plan' in made)) {
    for (const reason of made.refused) output.err(`refused: ${printable(reason)}`);
    return 1;
  }
  output.out(planText(made));
  return options.apply ? applyPlan(made, output) : 0;
}

/** The wish in terms of the world, or what is wrong with it. */
function wishOf(world: World, text: string, options: PrepareOptions): Wish | readonly string[] {
  const address = parsePciAddress(text);
  const count = typeof options.vf === 'string' ? Number(options.vf) : undefined;
  const guests = [...world.files.values()].filter(
    ({ place }) => place.language === 'pve-vm-conf' && String(place.vmid) === options.vm,
  );
  const [guest, ...more] = guests;
  const snapshot = guest && snapshotOf(world, guest);
  const problems = [
    address === undefined && notAFunction(text),
    options.vf !== undefined && options.mdev !== undefined && '--vf and --mdev exclude each other',
    count !== undefined && !(Number.isInteger(count) && count > 0) && '--vf takes a number of virtual functions',
    !guest && noSuchVm(world, options.vm),
    more.length > 0 && `VM ${options.vm} is there ${guests.length} times: name the tree of one host`,
    guest && !snapshot && `nothing is known of the host of VM ${options.vm}: name its snapshot with --snapshot`,
    address !== undefined &&
      snapshot &&
      !functionAt(snapshot.inventory, address) &&
      noSuchDevice([snapshot], address, false),
  ].filter(problem => typeof problem === 'string');
  if (problems.length > 0 || address === undefined || !guest || !snapshot) return problems.map(printable);
  return {
    host: snapshot.uri,
    addresses: [address],
    guest: guest.uri,
    way: options.vf !== undefined ? 'vf' : options.mdev !== undefined ? 'mdev' : 'whole',
    ...(count === undefined ? {} : { vfCount: count }),
    ...(options.mdev === undefined ? {} : { mdevType: options.mdev }),
    ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
  };
}

function notAFunction(text: string): string {
  const slot = parseSlotOrFunction(text)?.slot;
  return slot === undefined
    ? `${text} is not the address of a PCI function (0000:01:00.0)`
    : `${text} names all functions of a card: name its first (${slot}.0), and those that go with it come along`;
}

function noSuchVm(world: World, vmid: string): string {
  const isContainer = [...world.files.values()].some(
    ({ place }) => place.language === 'pve-ct-conf' && String(place.vmid) === vmid,
  );
  return isContainer
    ? `${vmid} is a container; PCI devices are passed to VMs alone`
    : `there is no configuration of VM ${vmid}; there are ${knownGuests(world) || 'none'}`;
}

/** The first dozen of the VMs at hand: `100, 101, 103`. */
function knownGuests(world: World): string {
  const ids = [...world.files.values()].flatMap(({ place }) =>
    place.language === 'pve-vm-conf' && place.vmid !== undefined ? [place.vmid] : [],
  );
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  return `${sorted.slice(0, 12).join(', ')}${sorted.length > 12 ? ' …' : ''}`;
}

function snapshotOf(world: World, guest: SourceFile): Snapshot | undefined {
  const inventory = inventoryOf(world, guest);
  return world.snapshots.find(one => one.inventory === inventory);
}

/** A plan as text for a terminal: what is an option comes last. */
export function planText(made: Made): string {
  const { title, changes, commands, notes } = made.plan;
  const required = changes.filter(({ isOptional }) => !isOptional);
  const optional = changes.filter(({ isOptional }) => isOptional);
  const lines = [
    title,
    ...(required.length === 0 ? ['No file has to be changed.'] : []),
    ...required.flatMap(change => ['', ...changeText(made, change)]),
    ...optional.flatMap(change => ['', ...changeText(made, change)]),
    ...(commands.length === 0 ? [] : ['', 'Then run on the host, once the files are in place there:']),
    ...commands.map(({ command, why }) => `  ${command}  # ${why}`),
    ...(notes.length === 0 ? [] : ['', 'Good to know:']),
    ...notes.map(note => `  - ${note}`),
  ];
  return `${lines.map(line => printable(line)).join('\n')}\n`;
}

function changeText(made: Made, change: Change): readonly string[] {
  const files = fileChanges(made, change).flatMap(({ path, isNew, lines }) => [
    `  ${path}${isNew ? ' (new)' : ''}`,
    ...lines.map(line => `    ${line.replaceAll('\t', '    ')}`),
  ]);
  return [`${change.isOptional ? 'Optional: ' : ''}${change.label}`, `  ${change.why}`, ...files];
}

interface Writing {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Writes what is no option: all texts beside their files first, so that what can go wrong goes wrong before any changes. */
async function applyPlan(made: Made, output: Output): Promise<number> {
  const changes = made.plan.changes.filter(({ isOptional }) => !isOptional);
  const writings = writingsOf(made, changes);
  const locked = writings.find(({ path, before }) => path.startsWith('/etc/pve/') && /^lock:/m.test(before ?? ''));
  if (locked) {
    output.err(`${locked.path}: is locked by Proxmox VE; nothing was written`);
    return 2;
  }
  const ready: { readonly writing: Writing; readonly replacement: Replacement }[] = [];
  const done: Writing[] = [];
  let current = '';
  try {
    for (const writing of writings) {
      current = writing.path;
      if (writing.before === undefined) await mkdir(dirname(writing.path), { recursive: true });
      ready.push({ writing, replacement: await prepareReplacement(writing.path, writing.before, writing.after) });
    }
    for (const { writing, replacement } of ready) {
      current = writing.path;
      await replacement.commit();
      done.push(writing);
    }
  } catch (error) {
    for (const { writing, replacement } of ready) if (!done.includes(writing)) await replacement.discard();
    output.err(`${printable(relative('', current))}: ${whyNotWritten(error, current)}`);
    await putBack(done, output);
    return 2;
  }
  for (const { path } of writings) output.out(`wrote ${printable(relative('', path))}\n`);
  return 0;
}

function writingsOf({ before, plan, isWritable }: Made, changes: Made['plan']['changes']): readonly Writing[] {
  const after = applied(before, changes);
  const created = new Set(plan.changes.flatMap(({ creates }) => (creates ? [creates.uri] : [])));
  const uris = new Set(
    changes.flatMap(({ edits, creates }) => [...edits.map(({ uri }) => uri), ...(creates ? [creates.uri] : [])]),
  );
  return [...uris]
    .filter(uri => isWritable(uri) && uri.startsWith('file:'))
    .flatMap(uri => {
      const [old, file] = [before.files.get(uri), after.files.get(uri)];
      if (!file) return [];
      const text = old && !created.has(uri) ? fromLines(old.lines) : undefined;
      return [{ path: fileURLToPath(uri), before: text, after: fromLines(file.lines) }];
    });
}

async function putBack(done: readonly Writing[], output: Output): Promise<void> {
  for (const { path, before, after } of done) {
    const name = printable(relative('', path));
    if (before === undefined) output.err(`${name}: was made, and is left there`);
    else {
      await replaceFile(path, after, before).then(
        () => output.err(`${name}: was written and put back`),
        () => output.err(`${name}: was written, and could not be put back`),
      );
    }
  }
}
