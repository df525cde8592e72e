{{/* Whether the application behind the gateway is the sample; empty for no. */}}
{{- define "passbridge.isSample" -}}
{{- if and .Values.frontend.enabled (not .Values.settings.UPSTREAM_URL) }}yes{{ end -}}
{{- end }}

{{/* The text of gateway.yml; empty: there is none. */}}
{{- define "passbridge.routes" -}}
{{- if .Values.routes -}}
{{- .Values.routes -}}
{{- else if include "passbridge.isSample" . -}}
{{- .Files.Get "files/gateway.yml" -}}
{{- end -}}
{{- end }}

{{/* The gateway's own address inside the cluster. */}}
{{- define "passbridge.gatewayUrl" -}}
{{- ternary "https" "http" (not (empty .Values.gateway.tls.secretName)) }}://{{ include "passbridge.fullname" . }}:{{ .Values.gateway.service.port }}
{{- end }}

{{/* What the chart settles itself, as YAML. */}}
{{- define "passbridge.settledByChart" -}}
HOST: 0.0.0.0
PORT: {{ .Values.gateway.ports.http | quote }}
OPERATOR_HOST: 0.0.0.0
OPERATOR_PORT: {{ .Values.gateway.ports.operators | quote }}
{{- if include "passbridge.isSample" . }}
UPSTREAM_URL: http://{{ include "passbridge.fullname" . }}-frontend:{{ .Values.frontend.port }}
{{- end }}
{{- if .Values.kratos.enabled }}
KRATOS_PUBLIC_URL: http://{{ include "passbridge.kratosName" . }}-public:{{ .Values.kratos.service.public.port }}
KRATOS_ADMIN_URL: http://{{ include "passbridge.kratosName" . }}-admin:{{ .Values.kratos.service.admin.port }}
{{- end }}
{{- if include "passbridge.routes" . }}
ROUTES_FILE: /etc/passbridge/gateway.yml
{{- end }}
{{- if .Values.pages }}
PAGES_CONFIG_FILE: /etc/passbridge/pages.json
{{- end }}
{{- if .Values.gateway.tls.secretName }}
TLS_CERT_FILE: /etc/passbridge-tls/tls.crt
TLS_KEY_FILE: /etc/passbridge-tls/tls.key
{{- end }}
{{- end }}

{{/* Every setting that is no secret, as YAML: an empty one counts as not given. */}}
{{- define "passbridge.settings" -}}
{{- $all := include "passbridge.settledByChart" . | fromYaml -}}
{{- range $name, $value := .Values.settings }}
{{- if ne (toString $value) "" }}{{ $_ := set $all $name (toString $value) }}{{ end }}
{{- end }}
{{- range $name, $value := $all }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Of (dict "NAME" "value" …): the members of a Secret, without those that are not given. */}}
{{- define "passbridge.secretData" -}}
{{- range $name, $value := . }}
{{- if $value }}
{{ $name }}: {{ $value | b64enc | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* A duration such as 300ms, 20s, 2m (a number alone is seconds) in whole seconds, rounded up; 20 when it is not given. */}}
{{- define "passbridge.shutdownSeconds" -}}
{{- $text := toString (default "20s" .Values.settings.SHUTDOWN_TIMEOUT) -}}
{{- $number := regexFind "^[0-9]+" $text | int64 -}}
{{- $unit := regexFind "[a-z]*$" $text -}}
{{- if eq $unit "ms" -}}
{{- div (add $number 999) 1000 -}}
{{- else -}}
{{- mul $number (get (dict "" 1 "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end }}
