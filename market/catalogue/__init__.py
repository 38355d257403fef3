"""The directory of intermediary services (中介服务事项目录): what may be asked for, on what basis, at whose cost."""
