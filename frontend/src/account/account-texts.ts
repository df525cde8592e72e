import { addTexts } from "../t.ts";
import { ACCOUNT_TEXTS } from "../texts/account.ts";

addTexts(ACCOUNT_TEXTS);
