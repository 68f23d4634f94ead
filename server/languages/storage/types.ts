/** What a type of storage has: facts for completion and hovers. Nothing is checked by it. */
export interface StorageType {
  readonly about: string;
  /** Properties that a storage of this type must have, then the others that it may have. */
  readonly needed: readonly string[];
  readonly optional: readonly string[];
  /** What it can hold, and what it holds where nothing is said. */
  readonly content: readonly string[];
  readonly usual: readonly string[];
}

const common = ['content', 'nodes', 'disable', 'bwlimit'];
const backups = ['prune-backups', 'max-protected-backups'];
const folders = ['content-dirs', 'create-base-path', 'create-subdirs', 'mkdir', 'format', ...backups, ...common];
const files = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import'];

/** Source: pve-storage 9.1.7, the plugins in PVE/Storage (options and plugindata). */
export const storageTypes: Readonly<Record<string, StorageType>> = {
  dir: {
    about: 'A directory of the host.',
    needed: ['path'],
    optional: [...folders, 'shared', 'is_mountpoint', 'preallocation', 'snapshot-as-volume-chain'],
    content: [...files, 'none'],
    usual: ['images', 'rootdir'],
  },
  btrfs: {
    about: 'A directory on a Btrfs file system; disks are files in subvolumes.',
    needed: ['path'],
    optional: [
      ...folders.filter(key => key !== 'content-dirs' && key !== 'bwlimit'),
      'shared',
      'is_mountpoint',
      'nocow',
      'preallocation',
    ],
    content: [...files, 'none'],
    usual: ['images', 'rootdir'],
  },
  nfs: {
    about: 'An NFS export.',
    needed: ['path', 'server', 'export'],
    optional: [...folders, 'options', 'preallocation', 'snapshot-as-volume-chain'],
    content: files,
    usual: ['images'],
  },
  cifs: {
    about: 'A CIFS (SMB) share.',
    needed: ['path', 'server', 'share'],
    optional: [
      ...folders,
      'username',
      'domain',
      'smbversion',
      'subdir',
      'options',
      'preallocation',
      'snapshot-as-volume-chain',
    ],
    content: files,
    usual: ['images'],
  },
  cephfs: {
    about: 'A Ceph file system.',
    needed: ['path'],
    optional: [...folders, 'monhost', 'username', 'subdir', 'options', 'fuse', 'keyring', 'fs-name'],
    content: ['vztmpl', 'iso', 'backup', 'snippets', 'import'],
    usual: ['backup'],
  },
  lvm: {
    about: 'An LVM volume group; disks are logical volumes.',
    needed: ['vgname'],
    optional: [
      'base',
      'shared',
      'saferemove',
      'saferemove-stepsize',
      'saferemove_throughput',
      'tagged_only',
      'snapshot-as-volume-chain',
      ...common,
    ],
    content: ['images', 'rootdir'],
    usual: ['images'],
  },
  lvmthin: {
    about: 'An LVM thin pool.',
    needed: ['vgname', 'thinpool'],
    optional: common,
    content: ['images', 'rootdir'],
    usual: ['images', 'rootdir'],
  },
  zfspool: {
    about: 'A ZFS pool or dataset of the host.',
    needed: ['pool'],
    optional: ['sparse', 'blocksize', 'mountpoint', ...common],
    content: ['images', 'rootdir'],
    usual: ['images', 'rootdir'],
  },
  zfs: {
    about: 'A ZFS pool on another machine, over iSCSI.',
    needed: ['pool', 'portal', 'target', 'blocksize', 'iscsiprovider'],
    optional: ['sparse', 'nowritecache', 'comstar_hg', 'comstar_tg', 'lio_tpg', 'zfs-base-path', ...common],
    content: ['images'],
    usual: ['images'],
  },
  rbd: {
    about: 'A Ceph pool; disks are RADOS block devices.',
    needed: [],
    optional: ['pool', 'monhost', 'username', 'krbd', 'keyring', 'namespace', 'data-pool', ...common],
    content: ['images', 'rootdir'],
    usual: ['images'],
  },
  iscsi: {
    about: 'An iSCSI target, by the host’s own initiator.',
    needed: ['portal', 'target'],
    optional: common,
    content: ['images', 'none'],
    usual: ['images'],
  },
  iscsidirect: {
    about: 'An iSCSI target, by QEMU itself.',
    needed: ['portal', 'target'],
    optional: common,
    content: ['images', 'none'],
    usual: ['images'],
  },
  pbs: {
    about: 'A datastore of a Proxmox Backup Server.',
    needed: ['server', 'datastore'],
    optional: [
      'username',
      'fingerprint',
      'namespace',
      'port',
      'encryption-key',
      'master-pubkey',
      ...backups,
      'content',
      'nodes',
      'disable',
    ],
    content: ['backup', 'none'],
    usual: ['backup'],
  },
  esxi: {
    about: 'An ESXi host to import VMs from.',
    needed: ['server', 'username'],
    optional: ['skip-cert-verification', 'port', 'shared', 'content', 'nodes', 'disable'],
    content: ['import'],
    usual: ['import'],
  },
};

/** What the kinds of content are. */
export const contentDocs: Readonly<Record<string, string>> = {
  images: 'Disks of VMs.',
  rootdir: 'File systems of containers.',
  vztmpl: 'Templates for containers.',
  iso: 'ISO images, for CD-ROM drives.',
  backup: 'Backups.',
  snippets: 'Scripts and cloud-init files; hook scripts and `cicustom` take them from here.',
  import: 'Disks and VMs to import.',
  none: 'Nothing.',
};

/** What the properties that say most about a storage mean. */
export const propertyDocs: Readonly<Record<string, string>> = {
  path: 'Directory on the host: of the storage itself, or where it is mounted.',
  content: 'What it may hold, with commas between the words.',
  nodes: 'The only nodes that have it, with commas between them. Without it, all.',
  disable: 'Switches the storage off.',
  shared: 'Says that the content is the same on all nodes. It shares nothing.',
  vgname: 'The LVM volume group.',
  thinpool: 'The LVM thin pool in the volume group.',
  pool: 'The pool.',
  server: 'Name or address of the server.',
  export: 'The path that the server exports.',
  share: 'The share.',
  sparse: 'Disks take room only for what is written to them.',
  is_mountpoint:
    'The directory counts only while something is mounted there; `yes`, or another directory that must be a mount point.',
  'prune-backups': 'Which backups are kept: `keep-last=3,keep-weekly=2` and the like.',
};
