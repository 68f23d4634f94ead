import type { MdevType, PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Entry, property } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import type { Token } from '../text/span.ts';
import type { World } from '../workspace/world.ts';
import { handoversOf } from './handovers.ts';

/** A mediated device that a VM asks for. */
export interface MediatedDevice {
  readonly entry: Entry;
  /** The type as written behind `mdev=`. */
  readonly type: Token;
  /** The function that it is made on. */
  readonly parent: PciFunction;
}

/** The mediated devices of a VM whose parent is certain: one function, no alternatives. */
export const mediatedDevicesOf = (world: World, file: SourceFile<VmConf>): readonly MediatedDevice[] =>
  handoversOf(world, file).flatMap(({ entry, kind, passed }) => {
    const type = property(entry, 'mdev')?.value;
    const [parent, ...more] = passed;
    return kind === 'mediated' && type && parent && more.length === 0 ? [{ entry, type, parent: parent.fn }] : [];
  });

/** The type of a parent that an entry asks for, as the host describes it. */
export const offeredType = ({ parent, type }: MediatedDevice): MdevType | undefined =>
  parent.mdevTypes?.find(({ id }) => id === type.text);

/** True for parents whose types hide while a vGPU of another size is on the card. */
export const hidesTypes = (parent: PciFunction): boolean => parent.vendorId === '10de';
