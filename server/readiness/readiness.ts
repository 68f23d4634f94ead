import type { FileEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';

/** What somebody wants to know to be ready. `host` is the URI of a snapshot. */
export type Subject =
  | { readonly kind: 'guest'; readonly uri: string }
  | { readonly kind: 'device'; readonly host: string; readonly address: string }
  | { readonly kind: 'host'; readonly host: string };

/** `skipped`: the question does not arise here (no interrupt remapping to ask for where there is no IOMMU). */
export type StepState = 'passed' | 'failed' | 'warning' | 'unknown' | 'skipped';

/** The whole way from the firmware to the guest, as far as it is known. */
export interface Readiness {
  /** `VM 101 (win11)`, `0000:01:00.0 GeForce RTX 3050`. */
  readonly title: string;
  readonly state: StepState;
  readonly node: string | undefined;
  /** When the host was asked, ISO 8601 in UTC. */
  readonly takenAt: string | undefined;
  /** From the host's firmware to the guest, each with its steps in the order in which they must hold. */
  readonly stages: readonly Stage[];
  /** What is to be run on the host, in that order. */
  readonly commands: readonly DueCommand[];
  /** What could not be known, in words. */
  readonly gaps: readonly string[];
}

export interface Stage {
  /** `firmware`, `kernel`, `modules`, `device 0000:01:00.0`, `guest` … */
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id: string;
  /** What must hold, as a short statement: `The kernel runs with an IOMMU`. */
  readonly title: string;
  readonly state: StepState;
  /** Why the state is so: lines of files and facts of the host. Never empty, but for steps that are skipped. */
  readonly evidence: readonly Evidence[];
  /** What to do where it does not hold, in a sentence. */
  readonly advice?: string;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly FileEdit[] }[];
  /** The rules whose findings it rests on. */
  readonly rules: readonly string[];
  /** Advice about what no snapshot shows: where it is `unknown`, that keeps nobody from being ready. */
  readonly isAdvice?: boolean;
}

export interface Evidence {
  readonly text: string;
  readonly uri?: string;
  readonly span?: Span;
}

/** A command to run on the host. */
export interface DueCommand {
  /** `update-initramfs -u -k all`. */
  readonly command: string;
  readonly why: string;
  /** `undefined`: it is not known whether it was run already. */
  readonly isDue: boolean | undefined;
}
