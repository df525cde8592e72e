import { addTexts } from "../t.ts";
import { ACCOUNT_TEXTS } from "../texts/account.ts";
import { SESSIONS_TEXTS } from "../texts/sessions.ts";

addTexts(ACCOUNT_TEXTS);
addTexts(SESSIONS_TEXTS);
