/** Every operation of the contract, by its operationId. A missing, unknown or wrongly typed one does not compile. */
import type { Operations } from "./contract/operation.ts";
import type { AppContext } from "./context.ts";
import { aggregateColumns } from "./rows/aggregate/aggregateColumns.ts";
import { aggregateRows } from "./rows/aggregate/aggregateRows.ts";
import { appendRows, appendRowsAsAdmin } from "./rows/append/appendRows.ts";
import { changePassword } from "./identity/users/changePassword.ts";
import { cloneChannel } from "./channels/cloneChannel.ts";
import { createChannel } from "./channels/createChannel.ts";
import { createKey } from "./identity/keys/createKey.ts";
import { createUser } from "./identity/users/createUser.ts";
import { deleteChannel } from "./channels/deleteChannel.ts";
import { deleteChannels } from "./channels/deleteChannels.ts";
import { deleteRows } from "./rows/delete/deleteRows.ts";
import { deleteUser } from "./identity/users/deleteUser.ts";
import { exportAggregate } from "./rows/aggregate/exportAggregate.ts";
import { exportRows, exportRowsAsAdmin, exportRowsAsWriter } from "./rows/read/exportRows.ts";
import { getCapabilities } from "./service/getCapabilities.ts";
import { getChannel, getChannelAsAdmin, getChannelAsWriter } from "./channels/getChannel.ts";
import { getContractJson } from "./service/getContractJson.ts";
import { getContractYaml } from "./service/getContractYaml.ts";
import { getDocs } from "./service/getDocs.ts";
import { getDocsAsset } from "./service/getDocsAsset.ts";
import { getJwks } from "./identity/keys/getJwks.ts";
import { getLatest } from "./rows/latest/getLatest.ts";
import { getLiveness } from "./service/getLiveness.ts";
import { getProblem } from "./service/getProblem.ts";
import { getMetrics } from "./service/getMetrics.ts";
import { getReadiness } from "./service/getReadiness.ts";
import { getUser } from "./identity/users/getUser.ts";
import { getVersion } from "./service/getVersion.ts";
import { listAudit } from "./audit/listAudit.ts";
import { listChannels, listChannelsAsAdmin, listChannelsAsWriter } from "./channels/listChannels.ts";
import { listColumnTypes, listColumnTypesByOldPath } from "./channels/listColumnTypes.ts";
import { listLatest } from "./rows/latest/listLatest.ts";
import { listProblems } from "./service/listProblems.ts";
import { listKeys } from "./identity/keys/listKeys.ts";
import { listTags } from "./channels/listTags.ts";
import { listTagValues } from "./channels/listTagValues.ts";
import { listUsers } from "./identity/users/listUsers.ts";
import { logIn } from "./identity/users/logIn.ts";
import { patchChannel } from "./channels/patchChannel.ts";
import { patchUser } from "./identity/users/patchUser.ts";
import { readColumns, readColumnsAsAdmin, readColumnsAsWriter } from "./rows/read/readColumns.ts";
import { readRows, readRowsAsAdmin, readRowsAsWriter } from "./rows/read/readRows.ts";
import { replaceChannel, replaceChannelByBody } from "./channels/replaceChannel.ts";
import { revokeKey } from "./identity/keys/revokeKey.ts";
import { rotateKey } from "./identity/keys/rotateKey.ts";
import { rotateSigningKey } from "./identity/keys/rotateSigningKey.ts";
import { sampleRows } from "./rows/sample/sampleRows.ts";
import { upsertChannel } from "./rows/append/upsertChannel.ts";

export const operations = {
  aggregateColumns,
  aggregateRows,
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
  exportAggregate,
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
  getLatest,
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
  listLatest,
  listProblems,
  listTags,
  listTagValues,
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
  sampleRows,
  upsertChannel,
} satisfies Operations<AppContext>;
