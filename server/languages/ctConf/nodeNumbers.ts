/** Numbers that the kernel gives a device node, and the nodes that share the major one. */
export interface NodeNumbers {
  readonly major: number;
  readonly minor: number;
  /** `/dev/dri` */
  readonly group: string;
}

/**
 * The numbers of nodes that always have the same; `undefined` for those that get theirs when the driver is loaded
 * (`/dev/kfd`, `/dev/nvidia-uvm`, `/dev/nvidia-caps/…`).
 * Source: kernel, Documentation/admin-guide/devices.txt, 195 and 226 char; drivers/gpu/drm: render nodes count from 128.
 */
export function nodeNumbers(path: string): NodeNumbers | undefined {
  const dri = /^\/dev\/dri\/(?:card([0-9]{1,2})|renderD(1[2-9][0-9]))$/.exec(path);
  if (dri) return { major: 226, minor: Number(dri[1] ?? dri[2]), group: '/dev/dri' };
  const group = '/dev/nvidiaN, nvidiactl and nvidia-modeset';
  const nvidia = /^\/dev\/nvidia([0-9]{1,2})$/.exec(path);
  if (nvidia) return { major: 195, minor: Number(nvidia[1]), group };
  if (path === '/dev/nvidiactl') return { major: 195, minor: 255, group };
  return path === '/dev/nvidia-modeset' ? { major: 195, minor: 254, group } : undefined;
}
