{{/* The same for every pod of this chart: no account of the cluster's, not root, nothing to write to but /tmp. */}}
{{- define "passbridge.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  # The account "node" of the images.
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "passbridge.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Of (dict "root" $ "settings" NAME "secrets" NAME): where the gateway's program finds its settings. */}}
{{- define "passbridge.environmentFrom" -}}
- configMapRef: { name: {{ .settings }} }
- secretRef: { name: {{ .secrets }} }
{{- end }}

{{/* Of (dict "root" $ "component" "gateway"): apart from each other, zones first, each rollout counted by itself. */}}
{{- define "passbridge.topologySpread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: {{ $.root.Values.gateway.topologySpread.whenUnsatisfiable }}
  labelSelector:
    matchLabels:
      {{- include "passbridge.selectorLabels" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
