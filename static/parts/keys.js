// How an organisation's public key is shown and compared.

import { b64u } from "../proofs/bytes.js";

/** @param {import("../proofs/organisation.js").Organisation} organisation */
export const keyText = async (organisation) => b64u(await organisation.publicKey());

/** @param {import("../proofs/organisation.js").Organisation} organisation @param {string} key base64url */
export const sameKey = async (organisation, key) => (await keyText(organisation)) === key;
