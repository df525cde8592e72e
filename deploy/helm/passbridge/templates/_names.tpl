{{- define "passbridge.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Short enough for the longest ending, "-operators". */}}
{{- define "passbridge.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "passbridge.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "passbridge.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* Of (dict "root" $ "component" "gateway"). Selectors cannot change later, so no more than these. */}}
{{- define "passbridge.selectorLabels" -}}
app.kubernetes.io/name: {{ include "passbridge.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "passbridge.labels" -}}
{{ include "passbridge.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: passbridge
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "passbridge.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "passbridge.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "passbridge.secretName" -}}
{{- default (include "passbridge.fullname" .) .Values.secrets.existingSecret -}}
{{- end }}

{{/* The official chart's own rule for its names. */}}
{{- define "passbridge.kratosName" -}}
{{- if .Values.kratos.fullnameOverride -}}
{{- .Values.kratos.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains "kratos" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-kratos" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* Of (dict "root" $ "image" .Values.gateway.image). */}}
{{- define "passbridge.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (default .root.Chart.AppVersion .image.tag) -}}
{{- end -}}
{{- end }}
