/** Every operation of the contract, by its operationId. A missing, unknown or wrongly typed one does not compile. */
import type { Operations } from "../contract/operation.ts";
import { appendRows, appendRowsAsAdmin } from "./appendRows.ts";
import { changePassword } from "./changePassword.ts";
import { cloneChannel } from "./cloneChannel.ts";
import { createChannel } from "./createChannel.ts";
import { createKey } from "./createKey.ts";
import { createUser } from "./createUser.ts";
import { deleteChannel } from "./deleteChannel.ts";
import { deleteChannels } from "./deleteChannels.ts";
import { deleteRows } from "./deleteRows.ts";
import { deleteUser } from "./deleteUser.ts";
import { exportRows, exportRowsAsAdmin, exportRowsAsWriter } from "./exportRows.ts";
import { getCapabilities } from "./getCapabilities.ts";
import { getChannel, getChannelAsAdmin, getChannelAsWriter } from "./getChannel.ts";
import { getContractJson } from "./getContractJson.ts";
import { getContractYaml } from "./getContractYaml.ts";
import { getDocs } from "./getDocs.ts";
import { getDocsAsset } from "./getDocsAsset.ts";
import { getJwks } from "./getJwks.ts";
import { getLiveness } from "./getLiveness.ts";
import { getProblem } from "./getProblem.ts";
import { getMetrics } from "./getMetrics.ts";
import { getReadiness } from "./getReadiness.ts";
import { getUser } from "./getUser.ts";
import { getVersion } from "./getVersion.ts";
import { listAudit } from "./listAudit.ts";
import { listChannels, listChannelsAsAdmin, listChannelsAsWriter } from "./listChannels.ts";
import { listColumnTypes, listColumnTypesByOldPath } from "./listColumnTypes.ts";
import { listKeys } from "./listKeys.ts";
import { listUsers } from "./listUsers.ts";
import { logIn } from "./logIn.ts";
import { patchChannel } from "./patchChannel.ts";
import { patchUser } from "./patchUser.ts";
import { readColumns, readColumnsAsAdmin, readColumnsAsWriter } from "./readColumns.ts";
import { readRows, readRowsAsAdmin, readRowsAsWriter } from "./readRows.ts";
import { replaceChannel, replaceChannelByBody } from "./replaceChannel.ts";
import { revokeKey } from "./revokeKey.ts";
import { rotateKey } from "./rotateKey.ts";
import { rotateSigningKey } from "./rotateSigningKey.ts";
import { upsertChannel } from "./upsertChannel.ts";

export const operations = {
  appendRows,
  appendRowsAsAdmin,
  changePassword,
  cloneChannel,
  createChannel,
  createKey,
  createUser,
  deleteChannel,
  deleteChannels,
  deleteRows,
  deleteUser,
  exportRows,
  exportRowsAsAdmin,
  exportRowsAsWriter,
  getCapabilities,
  getChannel,
  getChannelAsAdmin,
  getChannelAsWriter,
  getContractJson,
  getContractYaml,
  getDocs,
  getDocsAsset,
  getJwks,
  getLiveness,
  getProblem,
  getMetrics,
  getReadiness,
  getUser,
  getVersion,
  listAudit,
  listChannels,
  listChannelsAsAdmin,
  listChannelsAsWriter,
  listColumnTypes,
  listColumnTypesByOldPath,
  listKeys,
  listUsers,
  logIn,
  patchChannel,
  patchUser,
  readColumns,
  readColumnsAsAdmin,
  readColumnsAsWriter,
  readRows,
  readRowsAsAdmin,
  readRowsAsWriter,
  replaceChannel,
  replaceChannelByBody,
  revokeKey,
  rotateKey,
  rotateSigningKey,
  upsertChannel,
} satisfies Operations;
