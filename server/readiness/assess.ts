import { deviceLabel, functionAt, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { parsePciAddress, shortAddress } from '../../host/pciAddress.ts';
import { vmLabel } from '../facts/deviceUse.ts';
import { hostWorld } from '../facts/hostWorld.ts';
import type { SourceFile } from '../languages/language.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import type { Snapshot, World } from '../workspace/world.ts';
import { anchorFor } from './anchor.ts';
import { dueCommands } from './commands.ts';
import { deviceStage } from './device.ts';
import { findingsOf, type RuleRun } from './findings.ts';
import { firmwareStage } from './firmware.ts';
import { guestStage } from './guest.ts';
import { type HostView, hostView, snapshotOf } from './hostView.ts';
import { kernelStage } from './kernel.ts';
import { modulesStage } from './modules.ts';
import { othersStage } from './others.ts';
import type { Readiness, Stage, Subject } from './readiness.ts';
import type { Scene } from './scene.ts';
import { worstOf } from './step.ts';
import { unitsOf } from './units.ts';
import { virtualizationStage } from './virtualization.ts';

/** A readiness with what its report needs beside it. */
export interface Assessment {
  readonly readiness: Readiness;
  readonly world: World;
  readonly snapshot: Snapshot | undefined;
  readonly inventory: Inventory | undefined;
  readonly functions: readonly PciFunction[];
}

/** The way from the firmware to the guest; `undefined` where the world has no such subject. Never throws. */
export function assess(world: World, subject: Subject, run: RuleRun): Assessment | undefined {
  const scene = sceneOf(world, subject, run);
  if (!scene) return undefined;
  const stages = stagesOf(scene);
  const { inventory, units } = scene;
  const readiness: Readiness = {
    title: titleOf(scene),
    state: worstOf(stages.map(one => one.state)),
    node: inventory?.node ?? scene.anchor.place.node,
    takenAt: inventory?.takenAt,
    stages,
    commands: dueCommands(scene),
    gaps: inventory ? inventory.gaps : ['Nothing is known of the host: what only it can say is unknown here.'],
  };
  return {
    readiness,
    world: scene.world,
    snapshot: scene.snapshot,
    inventory,
    functions: [...new Set(units.flatMap(unit => unit.functions))],
  };
}

/** The stages that are about the host alone, whoever asks. */
export const hostStages: readonly string[] = ['firmware', 'kernel', 'virtualization', 'modules'];

function stagesOf(scene: Scene): readonly Stage[] {
  return [
    firmwareStage(scene),
    kernelStage(scene),
    virtualizationStage(scene),
    modulesStage(scene),
    ...scene.units.map(unit => deviceStage(scene, unit)),
    ...(scene.guest ? [guestStage(scene)] : []),
    ...(scene.units.length > 0 ? [othersStage(scene)] : []),
  ];
}

function titleOf({ subject, guest, inventory, units }: Scene): string {
  if (guest) return vmLabel(guest);
  if (subject.kind !== 'device') return inventory?.node === undefined ? 'The host' : `Host ${inventory.node}`;
  const functions = units[0]?.functions ?? [];
  const fn = functions.find(({ address }) => address === subject.address) ?? functions[0];
  return fn ? `${shortAddress(fn.address)} ${deviceLabel(fn)}` : subject.address;
}

function sceneOf(world: World, subject: Subject, run: RuleRun): Scene | undefined {
  const found = subject.kind === 'guest' ? guestScene(world, subject.uri) : hostScene(world, subject);
  if (!found) return undefined;
  const { view, snapshot, anchor, guest } = found;
  const inWorld = view?.world ?? world;
  const base: Omit<Scene, 'findings'> = {
    subject,
    world: inWorld,
    anchor,
    guest,
    snapshot,
    inventory: snapshot?.inventory,
    units: unitsOf(inWorld, anchor),
    isEditable: uri => world.files.has(uri),
  };
  return { ...base, findings: findingsOf(base, run) };
}

interface Found {
  /** `undefined` for a file that lies in no tree of a host: then the world stays as it is. */
  readonly view: HostView | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly anchor: SourceFile<VmConf>;
  readonly guest: SourceFile<VmConf> | undefined;
}

function hostScene(world: World, subject: Exclude<Subject, { kind: 'guest' }>): Found | undefined {
  const snapshot = world.snapshots.find(({ uri }) => uri === subject.host);
  if (!snapshot) return undefined;
  if (subject.kind === 'device' && !hasDevice(snapshot, subject.address)) return undefined;
  const view = hostView(world, snapshot);
  return {
    view,
    snapshot,
    anchor: anchorFor(view, subject.kind === 'device' ? subject.address : undefined),
    guest: undefined,
  };
}

function hasDevice({ inventory }: Snapshot, address: string): boolean {
  const parsed = parsePciAddress(address);
  return parsed !== undefined && functionAt(inventory, parsed) !== undefined;
}

/** A VM of the workspace, or one of which a host sent a copy along. */
function guestScene(world: World, uri: string): Found | undefined {
  const file = world.files.get(uri);
  if (file && file.place.language !== vmConf.id) return undefined;
  const snapshot = file ? snapshotOf(world, file) : world.snapshots.find(one => hostWorld(world, one).files.has(uri));
  if (!file && !snapshot) return undefined;
  const isAlone = file?.place.root === '';
  const view = snapshot && !isAlone ? hostView(world, snapshot, file?.place.root) : undefined;
  const guest = (view?.world ?? world).files.get(uri) ?? file;
  return guest && { view, snapshot, anchor: guest as SourceFile<VmConf>, guest: guest as SourceFile<VmConf> };
}
