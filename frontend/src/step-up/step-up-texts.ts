import { addTexts } from "../t.ts";
import { STEP_UP_TEXTS } from "../texts/step-up.ts";

addTexts(STEP_UP_TEXTS);
