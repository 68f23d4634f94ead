import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { Position, TextEdit } from 'vscode-languageserver-types';
import type { CardRequest, TreeRow, TreeSort } from './services/deviceTree.ts';
import type { ExplanationView } from './services/explain.ts';
import type { DeviceTask, HostFiles } from './services/hostFiles.ts';
import type { PlanView, PrepareChoices, Refusal, Way, Wish } from './services/prepare.ts';
import type { ReadinessView, StageView, StepState, StepView, Subject, SubjectChoice } from './services/readiness.ts';

export type {
  DeviceTask,
  ExplanationView,
  HostFiles,
  PlanView,
  PrepareChoices,
  ReadinessView,
  Refusal,
  StageView,
  StepState,
  StepView,
  Subject,
  SubjectChoice,
  TreeRow,
  TreeSort,
  Way,
  Wish,
};

/** Messages beyond LSP. Each is listed in README.md; nothing else may declare one. */

// To server

/**
 * The text that a host printed, or that a file holds; the server alone understands it. `undefined`: forget it.
 * With what the host printed before, where that was kept.
 */
export const snapshot = new NotificationType<SentSnapshot>('hostpci/snapshot');

export interface SentSnapshot {
  readonly uri: string;
  readonly text: string | undefined;
  readonly previousText?: string | undefined;
}

/** The rows of the device tree below a row, or the hosts. */
export const deviceTree = new RequestType<
  { readonly sort: TreeSort; readonly filter: string },
  readonly TreeRow[],
  void
>('hostpci/deviceTree');

/** The card of a device or an IOMMU group in the tree, as Markdown; `null` where the host has no such thing. */
export const deviceCard = new RequestType<CardRequest, string | null, void>('hostpci/deviceCard');

/** Directories of the workspace that hold an `etc/`: their files tell who uses the devices of a host. */
export const sites = new NotificationType<{ readonly roots: readonly string[] }>('hostpci/sites');

/**
 * The edits that make an open file take devices; none where it has them, belongs to another host or cannot hold devices.
 * A device is an address, with `,mdev=TYPE` behind it for a mediated device, or `mapping=NAME`; `host` is the URI of the
 * snapshot that they are from.
 */
export const takeDevices = new RequestType<
  {
    readonly uri: string;
    readonly position: Position;
    readonly addresses: readonly string[];
    readonly host?: string | undefined;
  },
  readonly TextEdit[],
  void
>('hostpci/takeDevices');

/** The files of a host into which its devices can be written, and where such a file could be made. */
export const hostFiles = new RequestType<{ readonly host: string; readonly task: DeviceTask }, HostFiles, void>(
  'hostpci/hostFiles',
);

/** Everything whose readiness can be asked for: VMs that pass devices through first, then devices, then hosts. */
export const subjects = new RequestType0<readonly SubjectChoice[], void>('hostpci/subjects');

/** The way from the firmware to the guest for a VM, a device or a host; `null` where there is no such thing. */
export const readiness = new RequestType<Subject, ReadinessView | null, void>('hostpci/readiness');

/** In which ways a device can be given to which VMs; the reasons where it must not be. */
export const prepareChoices = new RequestType<
  { readonly host: string; readonly addresses: readonly string[] },
  PrepareChoices | Refusal,
  void
>('hostpci/prepareChoices');

/** What has to change in which files so that a VM gets devices; the reasons where they must not be given away. */
export const prepare = new RequestType<Wish, PlanView | Refusal, void>('hostpci/prepare');

/** What a pasted error message means, and which lines of the files at hand cause it; `uri`: the file it is about. */
export const explain = new RequestType<
  { readonly text: string; readonly uri?: string | undefined },
  ExplanationView,
  void
>('hostpci/explain');

// To client

/** The rows of the device tree may have changed. */
export const deviceTreeChanged = new NotificationType0('hostpci/deviceTreeChanged');

/** Reads a file that the server cannot reach itself (any scheme but `file`); `null`: there is none. */
export const readFile = new RequestType<{ readonly uri: string }, string | null, void>('hostpci/readFile');

/** Names in a directory, a slash behind those of directories. */
export const listDirectory = new RequestType<{ readonly uri: string }, readonly string[], void>(
  'hostpci/listDirectory',
);
