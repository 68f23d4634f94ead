/** Vendors of what is found in hosts that pass devices through: PCI vendor id and name, as lspci prints them. */
const table = `
025e Solidigm
1000 Broadcom / LSI
1002 Advanced Micro Devices, Inc. [AMD/ATI]
1014 IBM
1022 Advanced Micro Devices, Inc. [AMD]
1023 Trident Microsystems
1028 Dell
102b Matrox Electronics Systems Ltd.
1033 NEC Corporation
1039 Silicon Integrated Systems [SiS]
103c Hewlett-Packard Company
1043 ASUSTeK Computer Inc.
104c Texas Instruments
1055 Microchip Technology / SMSC
1057 Motorola
1059 Kontron
1077 QLogic Corp.
1095 Silicon Image, Inc.
109e Brooktree Corporation
10b5 PLX Technology, Inc.
10b9 ULi Electronics Inc.
10de NVIDIA Corporation
10df Emulex Corporation
10ec Realtek Semiconductor Co., Ltd.
10ee Xilinx Corporation
1102 Creative Labs
1103 HighPoint Technologies, Inc.
1106 VIA Technologies, Inc.
110a Siemens AG
1131 Philips Semiconductors
1137 Cisco Systems Inc
1148 SysKonnect
1166 Broadcom
1172 Altera Corporation
1179 Toshiba Corporation
117c ATTO Technology, Inc.
1180 Ricoh Co Ltd
1191 Artop Electronic Corp
11ab Marvell Technology Group Ltd.
11de Zoran Corporation
11f8 PMC-Sierra Inc.
1217 O2 Micro, Inc.
126f Silicon Motion, Inc.
1274 Ensoniq
12d8 Pericom Semiconductor
1304 Juniper Networks
1344 Micron Technology Inc
13f6 C-Media Electronics Inc
1412 VIA Technologies Inc.
1414 Microsoft Corporation
1425 Chelsio Communications Inc
144d Samsung Electronics Co Ltd
1458 Gigabyte Technology Co., Ltd
1462 Micro-Star International Co., Ltd. [MSI]
14c3 MEDIATEK Corp.
14e4 Broadcom Inc. and subsidiaries
14f1 Conexant Systems, Inc.
1590 Hewlett Packard Enterprise
15ad VMware
15b3 Mellanox Technologies
15b7 Sandisk Corp
15d9 Super Micro Computer Inc
1678 NetEffect
168c Qualcomm Atheros
16c3 Synopsys, Inc.
1734 Fujitsu Technology Solutions
1749 RLX Technologies
177d Cavium, Inc.
17aa Lenovo
17cb Qualcomm Technologies, Inc
17d3 Areca Technology Corp.
17f3 RDC Semiconductor, Inc.
1814 Ralink corp.
1849 ASRock Incorporation
18ac DViCO Corporation
1912 Renesas Technology Corp.
1924 Solarflare Communications
1957 Freescale Semiconductor Inc
1969 Qualcomm Atheros
197b JMicron Technology Corp.
1987 Phison Electronics Corporation
19a2 Emulex Corporation
19e5 Huawei Technologies Co., Ltd.
1a03 ASPEED Technology, Inc.
1a29 Fortinet, Inc.
1ab8 Parallels, Inc.
1ac1 Global Unichip Corp.
1ae0 Google, Inc.
1af4 Red Hat, Inc.
1b21 ASMedia Technology Inc.
1b36 Red Hat, Inc.
1b4b Marvell Technology Group Ltd.
1b73 Fresco Logic
1b85 OCZ Technology Group, Inc.
1bb1 Seagate Technology PLC
1bcf NEC Corporation
1c36 Annapurna Labs Ltd.
1c58 HGST, Inc.
1c5c SK hynix
1c5f Beijing Memblaze Technology Co. Ltd.
1c7e TTTech Computertechnik AG
1cb0 Shannon Systems
1cc1 ADATA Technology Co., Ltd.
1cc4 Shenzhen Unionmemory Information System Ltd.
1cf7 Subspace Dynamics
1cfa Corsair Memory, Inc
1d0f Amazon.com, Inc.
1d17 Zhaoxin
1d6a Aquantia Corp.
1d6c Atomic Rules LLC
1d78 DERA Storage
1d79 Transcend Information, Inc.
1d87 Rockchip Electronics Co., Ltd
1d89 YEESTOR Microelectronics Co., Ltd
1d94 Chengdu Haiguang IC Design Co., Ltd.
1d97 Shenzhen Longsys Electronics Co., Ltd.
1da3 Habana Labs Ltd.
1db2 ATP ELECTRONICS INC
1db7 Phytium Technology Co., Ltd.
1dbe INNOGRIT Corporation
1dcf Beijing Sinead Technology Co., Ltd.
1dd8 AMD Pensando Systems
1de5 Eideticom, Inc
1dee Biwin Storage Technology Co., Ltd.
1df3 Ethernity Networks
1e0f KIOXIA Corporation
1e3d Burlywood, Inc
1e49 Yangtze Memory Technologies Co.,Ltd
1e4b MAXIO Technology (Hangzhou) Ltd.
1e95 Solid State Storage Technology Corporation
1eac Quectel Wireless Solutions Co., Ltd.
1ed5 Moore Threads Technology Co.,Ltd
1f0f NebulaMatrix Technology
1f24 xFusion Digital Technologies Co., Ltd.
1f40 Netac Technology Co.,Ltd
1fc9 Tehuti Networks Ltd.
2646 Kingston Technology Company, Inc.
2955 Connectix Virtual PC
3842 eVga.com. Corp.
5853 XenSource, Inc.
8086 Intel Corporation
80ee InnoTek Systemberatung GmbH
9004 Adaptec
9005 Adaptec
c0a9 Micron/Crucial Technology
`;

const nameById = new Map(
  table
    .trim()
    .split('\n')
    .map(line => [line.slice(0, 4), line.slice(5)]),
);
const longestFirst = [...new Set(nameById.values())].sort((a, b) => b.length - a.length);

/** The words after which the name of a company ends and that of its product begins. */
const legalForm =
  /^(.{1,60}?\b(?:Corporation|Corp|Incorporation|Inc|Company|Ltd|Limited|GmbH|AG|LLC|B\.V|S\.A|Technologies|Semiconductors?|Microsystems|Networks)(?:[.,]? (?:Co|Corp|Ltd|Inc|LLC)\b)*[.,]*(?: and subsidiaries)?(?: \[[^\]]{1,40}\])?) (\S.*)$/;

export interface Names {
  readonly vendorName: string | undefined;
  readonly deviceName: string | undefined;
}

/** `10de` → `NVIDIA Corporation`; `undefined` for a vendor that is not in the table. */
export const vendorNameOf = (vendorId: string): string | undefined => nameById.get(vendorId);

/** Splits `NVIDIA Corporation GA106 [GeForce RTX 3060]`, as lspci prints it, into vendor and device. */
export function splitNames(text: string, vendorId?: string): Names {
  const known = vendorId === undefined ? undefined : nameById.get(vendorId);
  const vendor = known && begins(text, known) ? known : longestFirst.find(name => begins(text, name));
  if (vendor !== undefined) return { vendorName: vendor, deviceName: named(text.slice(vendor.length).trim()) };
  const [, vendorName, deviceName] = legalForm.exec(text) ?? [];
  if (vendorName !== undefined) return { vendorName, deviceName: named(deviceName ?? '') };
  // `Lenovo Device`: a vendor without a legal form, and a device that lspci has no name for.
  const [, before] = /^(.*\S) Device(?: [0-9a-f]{4})?$/.exec(text) ?? [];
  return { vendorName: before, deviceName: before === undefined ? named(text) : undefined };
}

/** The name of a device; `undefined` for what lspci prints for unknown ones: `Device`, `Device 14a4`, `Device 1234:1111`. */
export const named = (text: string): string | undefined =>
  text === '' || /^(?:Unknown device|Device|Vendor)(?: [0-9a-f]{4}(?::[0-9a-f]{4})?)?$/i.test(text) ? undefined : text;

/** Whether the text begins with this whole name, and not with a longer one such as `Broadcom Corporation`. */
const begins = (text: string, name: string): boolean =>
  text.startsWith(name) &&
  /^$|^ (?!(?:Corp|Inc|Ltd|Limited|Co|Company|Technolog|LLC|GmbH))/.test(text.slice(name.length));
