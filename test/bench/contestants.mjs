// Who is measured, and documents for each: the same kind of edits in each server's own language.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, vshost } from '../vshost/install.mjs';
import { bundle } from './bundle.mjs';

const { resolve } = createRequire(new URL('peers/package.json', import.meta.url));
const ours = join(root, 'out/bench/dist/server.cjs');
const floor = join(root, 'out/bench/floor.cjs');

/**
 * `program`: a script for Node that speaks LSP when given `--stdio`. `document(lines)`: a text without a fault, but for one line,
 * `edit`, whose words `right` and `wrong` take turns; a fault appears and goes with every edit. `complete` is the column on
 * that line where completion is asked for, `hover` a word of it.
 */
export async function contestants() {
  await bundle(join(root, 'test/bench/floor.mjs'), floor);
  const json = join(
    vshost,
    'node_modules/code-server/lib/vscode/extensions/json-language-features/server/dist/node/jsonServerMain.js',
  );
  return [
    { name: 'floor', program: floor, silent: true, ...vmConfiguration },
    { name: 'hostpci, VM configuration', program: ours, ...vmConfiguration },
    { name: 'hostpci, modprobe.d', program: ours, ...modprobe },
    ...(existsSync(json) ? [{ name: 'JSON (VS Code)', program: json, isPeer: true, ...jsonDocument }] : []),
    {
      name: 'yaml-language-server',
      program: resolve('yaml-language-server/bin/yaml-language-server'),
      isPeer: true,
      ...yaml,
    },
    {
      name: 'dockerfile-language-server',
      program: resolve('dockerfile-language-server-nodejs/bin/docker-langserver'),
      isPeer: true,
      ...dockerfile,
    },
  ];
}

/** A VM with its snapshots, as Proxmox writes them. */
const vmConfiguration = {
  uri: 'file:///bench/etc/pve/nodes/pve1/qemu-server/100.conf',
  languageId: 'pve-vm-conf',
  right: '4',
  wrong: 'four',
  document(lines) {
    const section = [
      'agent: 1',
      'bios: ovmf',
      'boot: order=scsi0;net0',
      'cores: 4',
      'cpu: host',
      'efidisk0: local-lvm:vm-100-disk-1,efitype=4m,ms-cert=2023k,pre-enrolled-keys=1,size=4M',
      'hostpci0: 0000:01:00,pcie=1,x-vga=1',
      'machine: q35',
      'memory: 16384',
      'meta: creation-qemu=9.2.0,ctime=1735689600',
      'name: bench',
      'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
      'numa: 0',
      'onboot: 1',
      'ostype: l26',
      'scsi0: local-lvm:vm-100-disk-0,iothread=1,size=64G',
      'scsihw: virtio-scsi-single',
      'smbios1: uuid=0c4b1c5e-6f0e-4b5e-9a53-2f1f0d3a8f11',
      'sockets: 1',
      'vmgenid: 5a3c8f6e-2d1b-4a7c-8e9f-1b2c3d4e5f60',
    ];
    const text = [...section, ''];
    for (let at = 0; text.length + section.length + 3 < lines; at++) {
      const parent = at === 0 ? [] : [`parent: s${at - 1}`];
      text.push(`[s${at}]`, ...[...section, ...parent, `snaptime: ${1735689600 + at}`].sort(), '');
    }
    text.pop();
    return { lines: text, edit: { line: 3, before: 'cores: ', after: '' }, complete: 7, hover: 2 };
  },
};

const modprobe = {
  uri: 'file:///bench/etc/modprobe.d/bench.conf',
  languageId: 'modprobe',
  right: 'snd_hda_intel',
  wrong: '',
  document(lines) {
    const text = Array.from({ length: lines }, (_, at) =>
      at % 3 === 0 ? `# note ${at}` : at % 3 === 1 ? `options mod${at} level=${at}` : `blacklist other${at}`,
    );
    const line = lines >> 1;
    return { lines: text, edit: { line, before: 'blacklist ', after: '' }, complete: 10, hover: 3 };
  },
};

const jsonDocument = {
  uri: 'file:///bench/data.json',
  languageId: 'json',
  right: 'true',
  wrong: 'tru',
  document(lines) {
    const text = Array.from({ length: lines - 2 }, (_, at) => `  "key${at}": ${at % 2 === 0 ? at : `"value ${at}"`},`);
    text[text.length - 1] = '  "last": null';
    const line = lines >> 1;
    return { lines: ['{', ...text, '}'], edit: { line, before: '  "edited": ', after: ',' }, complete: 12, hover: 4 };
  },
};

const yaml = {
  uri: 'file:///bench/data.yaml',
  languageId: 'yaml',
  right: 'yes',
  wrong: '[',
  document(lines) {
    const text = Array.from({ length: lines }, (_, at) =>
      at % 10 === 0 ? `section${at}:` : `  key${at}: value ${at}`,
    );
    const line = (lines >> 1) - ((lines >> 1) % 10) + 5;
    return { lines: text, edit: { line, before: '  edited: ', after: '' }, complete: 10, hover: 4 };
  },
};

const dockerfile = {
  uri: 'file:///bench/Dockerfile',
  languageId: 'dockerfile',
  right: '80',
  wrong: 'x80',
  document(lines) {
    const text = Array.from({ length: lines }, (_, at) =>
      at % 2 === 0 ? `ENV KEY${at}=value${at}` : `RUN echo ${at}`,
    );
    text[0] = 'FROM debian';
    return { lines: text, edit: { line: (lines >> 1) + 1, before: 'EXPOSE ', after: '' }, complete: 7, hover: 2 };
  },
};
