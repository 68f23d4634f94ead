import { deviceLabel, type PciFunction } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { vmLabel } from '../facts/deviceUse.ts';
import { canonicalName } from '../languages/modprobe/tree.ts';
import type { World } from '../workspace/world.ts';
import { linesAt } from './applied.ts';
import { balloonChange } from './balloonChange.ts';
import { bootPlan } from './bootChange.ts';
import { commandsDue } from './commands.ts';
import { newFindings, standingErrors } from './findings.ts';
import { mappingChange } from './mappingChange.ts';
import { modulesChange } from './modulesChange.ts';
import { notesOn } from './notes.ts';
import type { Plan, Refusal, Wish } from './plan.ts';
import { isRefusal, type Request, requestOf } from './request.ts';
import { isCensored, settled } from './settled.ts';
import { staleCommandLine } from './standing.ts';
import { vfPlan } from './sysfsChange.ts';
import { earlyBinding } from './vfioChange.ts';
import { vmChange } from './vmChange.ts';

/** A plan with the files that its edits are about: `before.files` has each by its URI. */
export interface Made {
  readonly plan: Plan;
  readonly before: World;
  /** False for a file that neither the workspace has nor could: it is known from the host's own copy alone. */
  isWritable(uri: string): boolean;
}

/**
 * What has to change so that a guest gets devices, or why it must not. What is there already is no part of it: with all
 * changes applied the same wish gives an empty plan.
 */
export function makePlan(world: World, wish: Wish): Made | Refusal {
  const request = requestOf(world, wish);
  if (isRefusal(request)) return request;
  const { ground } = request;
  const mapping = mappingChange(request);
  if (mapping && isRefusal(mapping)) return mapping;
  const vm = vmChange(request);
  if (vm === 'full') return { refused: [`${vmLabel(request.guest)} has no hostpciN free.`] };
  const early = earlyBinding(request);
  const boot = bootPlan(ground);
  const vfs = vfPlan(request);
  const drivers = request.functions.flatMap(fn => [...(fn.modules ?? []), ...(fn.driver ? [fn.driver] : [])]);
  const modules = modulesChange(ground, drivers.map(canonicalName), early.modules);
  const changes = [vm, mapping, ...early.changes, modules, boot.change, vfs.change, balloonChange(request)]
    .filter(change => change !== undefined)
    .sort((a, b) => Number(a.isOptional ?? false) - Number(b.isOptional ?? false));
  const handled = [
    'sysfs/package-missing',
    'memory/balloon-with-vfio',
    'conflict/same-device-two-vms',
    ...(boot.change || staleCommandLine(request) !== undefined ? ['firmware/iommu-absent'] : []),
    ...(early.notes.length > 0 ? ['bind/host-driver-at-boot'] : []),
  ];
  const standing = standingErrors(ground.world, request.guest.uri, changes);
  const plan: Plan = {
    title: titleOf(request),
    changes: settled(ground, changes),
    // Nobody is told to start a VM that is known not to start, or to take something from the host.
    commands: commandsDue(request, changes, boot.source, vfs.commands).filter(
      ({ command }) => !command.startsWith('qm ') || !standing.some(({ stopsStart }) => stopsStart),
    ),
    notes: unique([
      ...vfs.notes,
      ...early.notes,
      ...boot.notes,
      ...notesOn(request),
      ...newFindings(ground.world, changes, handled),
      ...standing.map(({ note }) => note),
    ]),
  };
  return {
    plan,
    before: ground.world,
    isWritable: uri =>
      ground.present.has(uri) ||
      (ground.root !== undefined && uri.startsWith(`${ground.root}/`) && !isCensored(linesAt(ground.world, uri))),
  };
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function titleOf({ wish, functions, parent, guest }: Request): string {
  const to = `to ${vmLabel(guest)}`;
  const first = wish.way === 'vf' ? (parent ?? functions[0]) : functions[0];
  const name = first ? nameOf(first) : 'a device';
  if (wish.way === 'mdev') return `Give a ${wish.mdevType} of ${name} ${to}`;
  if (wish.way === 'vf') return `Give a virtual function of ${name} ${to}`;
  return `Give ${name} ${to}`;
}

const nameOf = (fn: PciFunction): string => `${shortAddress(fn.address)} ${deviceLabel(fn)}`;
