{{/* Of (dict "root" $ "kind" "password" "wait" true): one of Kratos' web hooks; scripts/parts/kratos-hooks.ts says why. */}}
{{- define "passbridge.webHook" -}}
{{- $address := printf "http://%s-operators.%s.svc:%v/hooks/kratos/%s" (include "passbridge.fullname" .root) .root.Release.Namespace .root.Values.gateway.ports.operators .kind -}}
{{- $auth := dict "type" "api_key" "config" (dict "in" "header" "name" "Authorization" "value" (printf "Bearer %s" .root.Values.secrets.values.KRATOS_HOOK_SECRET)) -}}
{{- dict "hook" "web_hook" "config" (dict "url" $address "method" "POST" "body" "file:///etc/passbridge/hooks/change.jsonnet" "response" (dict "ignore" (not .wait)) "auth" $auth) | toJson -}}
{{- end }}

{{/* What Kratos is told by environment, as scripts/parts/kratos-environment.ts tells it elsewhere. */}}
{{- define "passbridge.kratosEnvironment" -}}
{{- $settings := .Values.settings -}}
{{- $own := .Values.kratosEnvironment -}}
{{- $origin := trimSuffix "/" $settings.PUBLIC_URL -}}
{{- $serve := .Values.kratos.kratos.config.serve -}}
{{- $all := dict
  "DSN" $own.values.DATABASE_URL
  "DEV" (toString (hasPrefix "http:" $origin))
  "SQA_OPT_OUT" "true"
  "SERVE_PUBLIC_BASE_URL" (printf "%s/.ory/kratos/" $origin)
  "SERVE_PUBLIC_HOST" "0.0.0.0"
  "SERVE_PUBLIC_PORT" (toString $serve.public.port)
  "SERVE_ADMIN_HOST" "0.0.0.0"
  "SERVE_ADMIN_PORT" (toString $serve.admin.port)
  "SELFSERVICE_DEFAULT_BROWSER_RETURN_URL" (printf "%s/" $origin)
  "SELFSERVICE_ALLOWED_RETURN_URLS" (printf "%s/" $origin)
  "SELFSERVICE_FLOWS_LOGOUT_AFTER_DEFAULT_BROWSER_RETURN_URL" (printf "%s/login" $origin)
  "SELFSERVICE_FLOWS_SETTINGS_PRIVILEGED_SESSION_MAX_AGE" (default "15m" $settings.PRIVILEGED_MAX_AGE)
  "SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED" (toString $own.HAVEIBEENPWNED_ENABLED)
  "SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED" (toString (default false $settings.CODE_SIGN_IN))
  "SESSION_LIFESPAN" (default "24h" $settings.SESSION_MAX_AGE)
  "SESSION_COOKIE_DOMAIN" (default "" $settings.COOKIE_DOMAIN)
  "COURIER_SMTP_CONNECTION_URI" .Values.secrets.values.SMTP_URL
  "COURIER_SMTP_FROM_ADDRESS" (default "no-reply@passbridge.localhost" $settings.MAIL_FROM)
  "COURIER_SMTP_FROM_NAME" (default "Passbridge" $settings.PASSKEY_RP_NAME)
  "SECRETS_COOKIE" $own.values.SECRETS_COOKIE
  "SECRETS_DEFAULT" $own.values.SECRETS_COOKIE
  "SECRETS_CIPHER" $own.values.SECRETS_CIPHER
-}}
{{- range $flow, $path := dict "LOGIN" "login" "REGISTRATION" "register" "VERIFICATION" "verify" "RECOVERY" "recover" "SETTINGS" "account" "ERROR" "error" }}
{{- $_ := set $all (printf "SELFSERVICE_FLOWS_%s_UI_URL" $flow) (printf "%s/%s" $origin $path) }}
{{- end }}
{{- $revoke := `{"hook":"revoke_active_sessions"}` -}}
{{- $_ := set $all "SELFSERVICE_FLOWS_LOGIN_AFTER_HOOKS_0" (include "passbridge.webHook" (dict "root" . "kind" "sign-in" "wait" false)) }}
{{- $_ := set $all "SELFSERVICE_FLOWS_SETTINGS_AFTER_HOOKS_0" (include "passbridge.webHook" (dict "root" . "kind" "settings" "wait" false)) }}
{{- $_ := set $all "SELFSERVICE_FLOWS_VERIFICATION_AFTER_HOOKS_0" (include "passbridge.webHook" (dict "root" . "kind" "verification" "wait" false)) }}
{{- $_ := set $all "SELFSERVICE_FLOWS_SETTINGS_AFTER_PASSWORD_HOOKS_0" $revoke }}
{{- $_ := set $all "SELFSERVICE_FLOWS_SETTINGS_AFTER_PASSWORD_HOOKS_1" (include "passbridge.webHook" (dict "root" . "kind" "password" "wait" true)) }}
{{- $_ := set $all "SELFSERVICE_FLOWS_RECOVERY_AFTER_HOOKS_0" $revoke }}
{{- $_ := set $all "SELFSERVICE_FLOWS_RECOVERY_AFTER_HOOKS_1" (include "passbridge.webHook" (dict "root" . "kind" "recovery" "wait" true)) }}
{{- toYaml $all -}}
{{- end }}
