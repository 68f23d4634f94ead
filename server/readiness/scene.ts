import type { Inventory, PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import type { Entry } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import type { Report } from '../rules/rule.ts';
import type { Snapshot, World } from '../workspace/world.ts';
import type { Subject } from './readiness.ts';

/** Everything that the steps of one subject look at. */
export interface Scene {
  readonly subject: Subject;
  /** The world as the subject's host is in it. */
  readonly world: World;
  /** The VM; for a device or a host a VM of our own making that takes the device, or nothing. */
  readonly anchor: SourceFile<VmConf>;
  /** The VM that is asked about. */
  readonly guest: SourceFile<VmConf> | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly inventory: Inventory | undefined;
  readonly units: readonly Unit[];
  /** What rules found that concerns the subject. */
  readonly findings: readonly SceneFinding[];
  /** False for copies that a host sent along: nobody can edit them here. */
  isEditable(uri: string): boolean;
}

export interface SceneFinding {
  readonly file: SourceFile;
  readonly report: Report;
  /** The devices that it is about; all of them where it is about the VM or the host. */
  readonly units: readonly Unit[];
}

/** What is handed over together: what one `hostpciN` line, or one choice of its mapping, means. */
export interface Unit {
  /** The first function, or the address as it is written where the host does not have it. */
  readonly address: string;
  /** `hostpci0: 0000:01:00`. */
  readonly label: string;
  /** Empty where the host does not have the device, or is not known. */
  readonly functions: readonly PciFunction[];
  /**
   * `whole`: Proxmox binds it to vfio-pci. `mediated`: a slice is made of it and the host's driver stays. `kept`: with
   * `driver=keep` nothing is bound.
   */
  readonly kind: 'whole' | 'mediated' | 'kept';
  readonly entry: Entry;
  /** The line in the VM. */
  readonly line: number;
}
